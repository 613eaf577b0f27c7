use super::*;
use crate::input::{InputError, Source};

const CITY: &str = include_str!("test_vehicle.toml");

fn read(text: &str) -> Result<VehicleFile, InputError> {
    VehicleFile::read(&Source::shipped("vehicles.toml", text))
}

/// The line that the error of `CITY` with `from` replaced by `to` points at, and the error.
fn broken(from: &str, to: &str) -> (String, InputError) {
    assert!(CITY.contains(from), "{from}");
    let text = CITY.replacen(from, to, 1);
    let error = read(&text).expect_err(to);
    let line = error
        .line_column()
        .map_or("", |(line, _)| text.lines().nth(line - 1).unwrap());
    (line.to_owned(), error)
}

#[test]
fn a_vehicle_is_read_into_si_units() {
    let file = read(CITY).unwrap();
    let car = &file.vehicles[0];
    assert!((car.mass.test_kg - 3125.0 * 0.453_592_37).abs() < 1e-9);
    assert!((car.targets.top_speed_m_s * 3.6 - 150.0).abs() < 1e-9);
    assert_eq!(car.targets.eighty_to_120_s, Some(5.1));
    assert_eq!(car.character_of(Axle::Rear).torque, 0.95);
    assert_eq!(car.volumes.by_year()[&2030], 60_000.0);
    assert_eq!(car.volumes.total(), 100_000.0);
}

/// What stands in the file, what takes its place, and what the message says of that line.
const BAD_VALUES: [[&str; 3]; 18] = [
    ["id = \"bmw-city-hatch\"", "id = \"i3\"", "is not an id"],
    [
        "axles = [\"rear\"]",
        "axles = [\"rear\", \"rear\"]",
        "two different",
    ],
    ["axles = [\"rear\"]", "axles = [\"middle\"]", "middle"],
    [
        "charger_efficiency = \"86 %\"",
        "charger_efficiency = \"115 %\"",
        "115 % is out of range: must be from 30 % to 100 %",
    ],
    [
        "rotating = \"35 kg\"",
        "rotating = \"0 kg\"",
        "0 kg is out of range: must be above zero",
    ],
    [
        "rotating = \"35 kg\"",
        "rotating = \"2500 g\"",
        "rotating mass 2.5 kg is less than 0.5 % of the kerb mass",
    ],
    [
        "auxiliary_power = \"250 W\"",
        "auxiliary_power = \"250\"",
        "has no unit",
    ],
    ["tyre_friction = 1.0", "tyre_friction = 9.0", "0.05 to 1.8"],
    [
        "front_load_share = \"47 %\"",
        "front_load_share = \"97 %\"",
        "20 % to 80 %",
    ],
    [
        "gradeability = \"30 %\"",
        "gradeability = \"300 %\"",
        "grade from 1 %",
    ],
    ["torque = 0.95", "torque = 1.95", "hardware's limit"],
    ["wheelbase", "wheelbasis", "unknown key `wheelbasis`"],
    [
        "zero_to_100 = \"7.2 s\"",
        "zero_to_100 = \"fast\"",
        "not a quantity",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = [\"100 mohm\", \"0 ohm\", \"90 mohm\"]",
        "0 ohm is out of range: must be above zero",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = \"-1 ohm\"",
        "-1 ohm is out of range: must be zero or above",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = [\"100 mohm\", 90, \"80 mohm\"]",
        "`90` has no unit",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = 100",
        "`100` has no unit",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = true",
        "or a list of them",
    ],
];

#[test]
fn bad_values_are_named_at_their_line() {
    for [from, to, message] in BAD_VALUES {
        let (line, error) = broken(from, to);
        assert!(error.message.contains(message), "{to}: {}", error.message);
        assert!(
            to.contains(line.trim()) || line.contains(to),
            "{to}: points at `{line}`"
        );
    }
}

/// What stands in the file, what takes its place, what the message says, and where it points.
const CONTRADICTIONS: [[&str; 4]; 12] = [
    [
        "test = \"3125 lb\"",
        "test = \"3125 kg\"",
        "test mass",
        "mass",
    ],
    [
        "nominal_voltage = \"360 V\"",
        "nominal_voltage = \"800 V\"",
        "nominal voltage",
        "battery",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = \"1 ohm\"",
        "than the empty battery can deliver",
        "battery",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = [\"100 mohm\", \"90 mohm\"]",
        "`resistance` has 2 values: must be one for every charge, or 3",
        "battery",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = []",
        "`resistance` has 0 values",
        "battery",
    ],
    [
        "resistance = \"100 mohm\"",
        "resistance = [\"100 mohm\", \"100 mohm\", \"1 ohm\"]",
        "than the battery at 100 % charge can deliver",
        "battery",
    ],
    [
        "none_below = \"3 km/h\"",
        "none_below = \"30 km/h\"",
        "fade out",
        "regeneration",
    ],
    [
        "top_speed = \"150 km/h\"",
        "top_speed = \"110 km/h\"",
        "120 km/h",
        "targets",
    ],
    [
        "axle = \"rear\"",
        "axle = \"front\"",
        "not driven",
        "vehicle",
    ],
    [
        "shape = {",
        "coast_down = { a = \"1 N\", b = \"0 N/(m/s)\", c = \"1 N/(m/s)2\" }\n#",
        "drive_drag",
        "road_load",
    ],
    [
        "shape = {",
        "coast_down = { a = \"9 N\", b = \"0 N/(m/s)\", c = \"1 N/(m/s)2\" }\n\
         drive_drag = { constant = \"10 N\", per_speed = \"0 N/(m/s)\", source = \"\" }\n#",
        "more than",
        "road_load",
    ],
    [
        "cars_per_year = [40000, 60000]",
        "cars_per_year = [-1]",
        "-1 cars",
        "volumes",
    ],
];

#[test]
fn contradictions_point_at_their_table() {
    for [from, to, message, table] in CONTRADICTIONS {
        let (line, error) = broken(from, to);
        assert!(error.message.contains(message), "{to}: {}", error.message);
        assert!(
            line.contains(table),
            "{to}: points at `{line}` ({:?})",
            error.line_column()
        );
    }
}

#[test]
fn a_battery_has_one_resistance_or_one_for_each_charge() {
    let of = |text: &str| {
        let file = read(&CITY.replacen("\"100 mohm\"", text, 1)).unwrap();
        file.vehicles[0].battery.resistance_ohm.clone()
    };
    assert_eq!(of("\"100 mohm\""), [0.1]);
    assert_eq!(of("\"0 ohm\""), [0.0]);
    let list = "[\"150 mohm\", \"80 mohm\", \"0.125 ohm\"]";
    assert_eq!(of(list), [0.15, 0.08, 0.125]);
}

/// 300 to 600 V behind 0.1 to 0.5 ohm on one line: U²/4R falls from 225 to 168.75 kW at half of
/// the charge and rises to 180 kW.
#[test]
fn what_a_battery_can_deliver_may_be_least_between_two_charges() {
    let text = CITY
        .replacen(
            "[\"330 V\", \"360 V\", \"390 V\"]",
            "[\"300 V\", \"600 V\"]",
            1,
        )
        .replacen("\"100 mohm\"", "[\"0.1 ohm\", \"0.5 ohm\"]", 1);
    assert!(read(&text.replacen("\"147 kW\"", "\"168.7 kW\"", 1)).is_ok());
    let refused = read(&text.replacen("\"147 kW\"", "\"170 kW\"", 1)).unwrap_err();
    let named = "than the battery at 50 % charge can deliver through its resistance, 169 kW";
    assert!(refused.message.contains(named), "{}", refused.message);
}

#[test]
fn a_file_needs_vehicles_with_different_ids_and_volumes() {
    let block = CITY.replacen("schema = 1", "", 1);
    assert!(
        read(&format!("{CITY}\n{block}"))
            .unwrap_err()
            .message
            .contains("used twice")
    );
    let (_, error) = broken("volumes = {", "#");
    assert!(error.message.contains("no `volumes`") && error.hint.is_some());
    assert!(
        read("schema = 1\nvehicle = []\n")
            .unwrap_err()
            .message
            .contains("no [[vehicle]]")
    );
}

#[test]
fn a_car_file_has_a_unit_on_each_driven_axle() {
    let text = CITY.replace("[[vehicle]]", "[vehicle]");
    let unit = "\n[[unit]]\naxle = \"rear\"\nmachine = \"bmw-i3\"\ninverter = \"i3-igbt\"\ngear_set = \"i3-two-stage-9.7\"\n";
    let read = |text: &str| CarFile::read(&Source::shipped("car.toml", text));
    let car = read(&format!("{text}{unit}")).unwrap();
    let FittedUnit::Known(known) = &car.units[0] else {
        panic!("{:?}", car.units[0]);
    };
    assert_eq!(known.machine.get_ref(), "bmw-i3");
    assert!(
        read(&format!("{text}{unit}{unit}"))
            .unwrap_err()
            .message
            .contains("second unit")
    );
    let front = unit.replace("rear", "front");
    assert!(
        read(&format!("{text}{front}"))
            .unwrap_err()
            .message
            .contains("not driven")
    );
    let without = text.replacen("schema = 1", "schema = 1\nunit = []", 1);
    assert!(read(&without).unwrap_err().message.contains("no [[unit]]"));
}

/// N/V of the Leaf's row in the EPA test car list, with its axle ratio of 8.19 and wheels of 0.3048 m.
#[test]
fn a_generic_unit_states_one_gear_ratio() {
    let text = CITY.replace("[[vehicle]]", "[vehicle]");
    let with = |gear: &str| {
        let unit = format!(
            "\n[[generic_unit]]\naxle = \"rear\"\npeak_torque = \"254 Nm\"\npeak_power = \"80 kW\"\n{gear}\n"
        );
        CarFile::read(&Source::shipped("car.toml", &format!("{text}{unit}")))
    };
    let car = with("motor_speed_per_speed = \"114.7 rpm/mph\"").unwrap();
    let FittedUnit::Generic(unit) = &car.units[0] else {
        panic!("{:?}", car.units[0]);
    };
    assert!((unit.ratio(0.3048).unwrap() - 8.19).abs() < 0.005);
    for (gear, message) in [
        ("", "either `gear_ratio` or"),
        (
            "gear_ratio = 8.19\nmotor_speed_per_speed = \"114.7 rpm/mph\"",
            "either `gear_ratio` or",
        ),
        ("gear_ratio = 3.43", "a final drive alone"),
        ("motor_speed_per_speed = \"114.7\"", "has no unit"),
    ] {
        let error = with(gear).unwrap_err();
        assert!(error.message.contains(message), "{gear}: {}", error.message);
    }
}
