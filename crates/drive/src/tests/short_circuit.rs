//! Active short circuit: closed forms with constant inductances, identities on a saturating map.

use super::{WINDING, machine, tables};
use crate::short_circuit::ShortCircuit;
use crate::short_circuit::transient::Circuit;
use crate::{Build, DriveError, Machine, SectionTables, fixture};

const HOT_K: f64 = 393.15;
/// ψ_m, L_d, L_q of the linear section, unit quantities.
const LINEAR: (f64, f64, f64) = (0.02, 2.5e-5, 6.0e-5);

fn linear_tables() -> SectionTables {
    SectionTables::new(
        &fixture::linear_map(LINEAR.0, LINEAR.1, LINEAR.2),
        &fixture::facts(),
        &fixture::steel(),
        &fixture::magnet(),
    )
    .unwrap()
}

fn of(tables: &SectionTables) -> Machine<'_> {
    Machine::new(tables, 0.132, WINDING, Build::round_wire()).unwrap()
}

/// L_d and L_q with the end windings' leakage.
fn inductances(machine: &Machine<'_>) -> (f64, f64) {
    (
        LINEAR.1 + machine.leakage_per_m,
        LINEAR.2 + machine.leakage_per_m,
    )
}

/// i_d = −ω² L_q ψ/(R² + ω² L_d L_q), i_q = −ω R ψ/(R² + ω² L_d L_q).
///
/// Source: Welchko, Jahns, Soong & Nagashima 2003, IEEE Trans. Energy Conversion 18(2), 291.
#[test]
fn steady_currents_with_constant_inductances_are_the_closed_form() {
    let tables = linear_tables();
    let machine = of(&tables);
    let (l_d, l_q) = inductances(&machine);
    for speed in [0.0, 1.0, 20.0, 100.0, 1000.0] {
        let state = machine.at_speed(speed, HOT_K);
        let (r, w) = (state.resistance_per_m(), state.electrical_rad_per_s);
        let below = r * r + w * w * l_d * l_q;
        let found = ShortCircuit::new(&machine).at_speed(speed, HOT_K).unwrap();
        let (i_d, i_q) = (-w * w * l_q * LINEAR.0 / below, -w * r * LINEAR.0 / below);
        assert!((found.unit.i_d_a - i_d).abs() < 1e-6, "{speed}: {found:?}");
        assert!((found.unit.i_q_a - i_q).abs() < 1e-6, "{speed}: {found:?}");
    }
}

/// The torque peaks where (ω L_q/R)² = (3(ξ − 1) + sqrt(9(ξ − 1)² + 4ξ))/2 with ξ = L_q/L_d; for
/// ξ = 1 that is ω = R/L. Source: as above; it follows from dT/dω = 0 of the currents above.
#[test]
fn the_largest_torque_of_a_salient_machine_is_the_closed_form() {
    let tables = linear_tables();
    let machine = of(&tables);
    let (l_d, l_q) = inductances(&machine);
    let xi = l_q / l_d;
    let x2 = 0.5 * (3.0 * (xi - 1.0) + (9.0 * (xi - 1.0).powi(2) + 4.0 * xi).sqrt());
    let found = ShortCircuit::new(&machine).largest_torque(HOT_K).unwrap();
    let state = machine.at_speed(found.speed_rad_per_s, HOT_K);
    let x = state.electrical_rad_per_s * l_q / state.resistance_per_m();
    assert!((x / x2.sqrt() - 1.0).abs() < 1e-5, "{x} {}", x2.sqrt());
    let psi = LINEAR.0;
    let torque = -9.0 * psi * psi / l_q * x * (1.0 + x2) / (1.0 + x2 / xi).powi(2) * 0.132;
    assert!((found.torque_nm / torque - 1.0).abs() < 1e-6);
}

#[test]
fn at_infinite_speed_the_characteristic_current_flows() {
    let tables = linear_tables();
    let machine = of(&tables);
    let short = ShortCircuit::new(&machine);
    let (l_d, _) = inductances(&machine);
    let closed = LINEAR.0 / l_d;
    let characteristic = short.characteristic().unwrap();
    assert!((characteristic.i_d_a + closed).abs() < 1e-9 * closed);
    let fast = short.at_speed(1e6, HOT_K).unwrap();
    assert!((fast.unit.current_a() / closed - 1.0).abs() < 1e-6);
    assert!((fast.current_a * machine.ratio() - fast.unit.current_a()).abs() < 1e-9);
}

/// On the saturating map: the equations hold, and the current only rises with speed.
#[test]
fn the_saturated_short_circuit_fulfils_its_equations_and_rises_with_speed() {
    let tables = tables();
    let machine = machine(&tables);
    let short = ShortCircuit::new(&machine);
    let mut before = 0.0;
    for speed in [0.5, 2.0, 5.0, 20.0, 100.0, 500.0, 1200.0] {
        let state = machine.at_speed(speed, HOT_K);
        let (r, w) = (state.resistance_per_m(), state.electrical_rad_per_s);
        let found = short.at_speed(speed, HOT_K).unwrap();
        let [psi_d, psi_q] = short.flux_vs_per_m(&found.unit);
        let miss_d = r * found.unit.i_d_a - w * psi_q;
        let miss_q = r * found.unit.i_q_a + w * psi_d;
        assert!(miss_d.hypot(miss_q) < 1e-9 * r * found.unit.current_a());
        assert!(found.torque_nm < 0.0 && found.current_a > before);
        // What the shaft gives heats the copper.
        let copper_w = 1.5 * r * found.unit.current_a().powi(2) * machine.stack_m;
        assert!((copper_w / (-found.torque_nm * speed) - 1.0).abs() < 1e-9);
        before = found.current_a;
    }
    assert!(before < -short.characteristic().unwrap().i_d_a / machine.ratio());
}

/// A warmer winding moves the largest torque to a higher speed and leaves it as large; slower and
/// faster there is less.
#[test]
fn the_largest_torque_does_not_depend_on_the_resistance() {
    let tables = tables();
    let machine = machine(&tables);
    let short = ShortCircuit::new(&machine);
    let [cold, hot] = [293.15, 433.15].map(|kelvin| short.largest_torque(kelvin).unwrap());
    assert!((hot.torque_nm / cold.torque_nm - 1.0).abs() < 1e-9);
    let resistance = machine.phase_resistance_ohm(433.15) / machine.phase_resistance_ohm(293.15);
    // The AC part is still below a per mille at this speed.
    assert!((hot.speed_rad_per_s / cold.speed_rad_per_s / resistance - 1.0).abs() < 1e-3);
    for factor in [0.3, 0.8, 0.99, 1.01, 1.3, 4.0] {
        let other = short
            .at_speed(factor * hot.speed_rad_per_s, 433.15)
            .unwrap();
        assert!(other.torque_nm > hot.torque_nm, "{factor}");
    }
}

/// Without resistance the trace peaks at the closed estimate; steps of half a degree leave 1e-5.
#[test]
fn without_resistance_the_trace_peaks_at_the_closed_estimate() {
    for (tables, i_d) in [(linear_tables(), -700.0), (tables(), -1000.0)] {
        let machine = of(&tables);
        let short = ShortCircuit::new(&machine);
        for i_q in [-60.0, 60.0] {
            let start = tables.flux.at(i_d, i_q);
            let [psi_d, psi_q] = short.flux_vs_per_m(&start);
            let closed = short.transient_peak(psi_d.hypot(psi_q)).unwrap();
            let circuit = Circuit {
                electrical_rad_per_s: 3000.0,
                resistance_per_m: 0.0,
            };
            let found = short.trace(circuit, &start, 1.0).unwrap();
            assert!((found.peak.current_a() / -closed.i_d_a - 1.0).abs() < 1e-5);
            let [end_d, end_q] = short.flux_vs_per_m(&found.end);
            assert!((end_d.hypot(end_q) / psi_d.hypot(psi_q) - 1.0).abs() < 1e-5);
            let lowest = tables.magnets.lowest_t(closed.i_d_a, 0.0).unwrap();
            assert!((found.magnet_lowest_t.unwrap() - lowest).abs() < 1e-4);
        }
    }
}

/// With constant inductances the field holds 3/2 (L_d i_d² + L_q i_q²)/2 that can change:
/// what it gains and the copper loses, the shaft gave.
#[test]
fn the_shaft_gives_what_field_and_copper_take() {
    let tables = linear_tables();
    let machine = of(&tables);
    let (l_d, l_q) = inductances(&machine);
    let state = machine.at_speed(500.0, HOT_K);
    let circuit = Circuit {
        electrical_rad_per_s: state.electrical_rad_per_s,
        resistance_per_m: state.resistance_per_m(),
    };
    let start = tables.flux.at(-700.0, -60.0);
    let short = ShortCircuit::new(&machine);
    for turns in [0.25, 1.0, 7.5] {
        let found = short.trace(circuit, &start, turns).unwrap();
        let field = |i_d: f64, i_q: f64| 0.75 * (l_d * i_d * i_d + l_q * i_q * i_q);
        let gained = field(found.end.i_d_a, found.end.i_q_a) - field(start.i_d_a, start.i_q_a);
        let miss = found.work_j_per_m - gained - found.copper_j_per_m;
        assert!(miss.abs() < 1e-7 * found.copper_j_per_m, "{turns}: {miss}");
    }
}

/// ψ(t) = ψ_s + e^(−at) [cos βt + (A + a) sin βt/β] (ψ_0 − ψ_s) of dψ/dt = A (ψ − ψ_s), with
/// A = [[−R/L_d, ω], [−ω, −R/L_q]], a = (R/L_d + R/L_q)/2, β² = ω² − (R/L_d − R/L_q)²/4: the sudden three-phase
/// short circuit with constant inductances. It leaves the map for the far grid and comes back.
#[test]
fn the_trace_with_constant_inductances_is_the_closed_form() {
    let (psi_m, l_d, l_q) = (0.028, LINEAR.1, LINEAR.2);
    let map = fixture::linear_map_with_far(psi_m, l_d, l_q, 2500.0);
    let (facts, steel, magnet) = (fixture::facts(), fixture::steel(), fixture::magnet());
    let tables = SectionTables::new(&map, &facts, &steel, &magnet).unwrap();
    let machine = of(&tables);
    let (l_d, l_q) = inductances(&machine);
    let short = ShortCircuit::new(&machine);
    let (w, r) = (1500.0, 2e-3);
    let circuit = Circuit {
        electrical_rad_per_s: w,
        resistance_per_m: r,
    };
    let start = tables.flux.at(-200.0, -230.0);
    let below = r * r + w * w * l_d * l_q;
    let steady = [-w * w * l_q * psi_m / below, -w * r * psi_m / below];
    let steady = [psi_m + l_d * steady[0], l_q * steady[1]];
    let from = [
        psi_m + l_d * start.i_d_a - steady[0],
        l_q * start.i_q_a - steady[1],
    ];
    let (t_d, t_q) = (r / l_d, r / l_q);
    let (a, half) = (0.5 * (t_d + t_q), 0.5 * (t_d - t_q));
    let beta = (w * w - half * half).sqrt();
    let mut largest = 0.0_f64;
    for turns in [0.05, 0.2, 0.35, 0.5, 1.0, 3.0, 40.0] {
        let found = short.trace(circuit, &start, turns).unwrap();
        let time = turns * std::f64::consts::TAU / w;
        let (sin, cos) = (beta * time).sin_cos();
        let decay = (-a * time).exp();
        let along = [
            (-half * from[0] + w * from[1]) / beta,
            (-w * from[0] + half * from[1]) / beta,
        ];
        let flux = [0, 1].map(|k| steady[k] + decay * (cos * from[k] + sin * along[k]));
        let (i_d, i_q) = ((flux[0] - psi_m) / l_d, flux[1] / l_q);
        let miss = (found.end.i_d_a - i_d).hypot(found.end.i_q_a - i_q);
        assert!(miss < 1e-4, "{turns}: {miss} of {:?}", found.end);
        largest = largest.max(found.peak.current_a());
    }
    assert!(largest > 1050.0, "{largest}");
}

/// T(δ) = 3/2 p (ψ ψ_m sin δ/L_d + ψ²/2 (1/L_q − 1/L_d) sin 2δ) on the circle of the flux linkage ψ.
#[test]
fn the_largest_braking_torque_without_resistance_is_that_of_the_flux_circle() {
    let (psi_m, l_d, l_q) = LINEAR;
    let map = fixture::linear_map_with_far(psi_m, l_d, l_q, 2500.0);
    let (facts, steel, magnet) = (fixture::facts(), fixture::steel(), fixture::magnet());
    let tables = SectionTables::new(&map, &facts, &steel, &magnet).unwrap();
    let machine = of(&tables);
    let (l_d, l_q) = inductances(&machine);
    for psi in [0.01, 0.02, 0.03] {
        let of = |degrees: f64| {
            let delta = degrees.to_radians();
            let reluctance = 0.5 * psi * psi * (1.0 / l_q - 1.0 / l_d) * (2.0 * delta).sin();
            9.0 * (psi * psi_m * delta.sin() / l_d + reluctance)
        };
        let closed = (0..=18_000).map(|n| of(0.01 * f64::from(n)));
        let closed = closed.fold(0.0, f64::max);
        let short = ShortCircuit::new(&machine);
        let found = short.transient_torque_nm_per_m(psi).unwrap();
        assert!((found / closed + 1.0).abs() < 2e-4, "{psi}");
    }
}

#[test]
fn a_far_grid_that_does_not_go_on_from_the_map_is_refused() {
    let far = |change: fn(&mut codrive_model::flux_map::FarFlux)| {
        let mut map = fixture::linear_map_with_far(LINEAR.0, LINEAR.1, LINEAR.2, 2500.0);
        map.far.iter_mut().for_each(change);
        let (facts, steel, magnet) = (fixture::facts(), fixture::steel(), fixture::magnet());
        SectionTables::new(&map, &facts, &steel, &magnet)
            .unwrap_err()
            .to_string()
    };
    let gap = far(|far| far.i_d_a.iter_mut().for_each(|i| *i -= 500.0));
    assert!(gap.contains("does not go on"), "{gap}");
    let rows = far(|far| far.i_q_a[2] = 900.0);
    assert!(rows.contains("other quadrature currents"), "{rows}");
    let short = far(|far| far.psi_d_vs_per_m.truncate(5));
    assert!(short.contains("fixture"), "{short}");
}

#[test]
fn a_trace_settles_at_the_steady_short_circuit() {
    let tables = tables();
    let machine = machine(&tables);
    let short = ShortCircuit::new(&machine);
    let state = machine.at_speed(300.0, HOT_K);
    let circuit = Circuit {
        electrical_rad_per_s: state.electrical_rad_per_s,
        resistance_per_m: state.resistance_per_m(),
    };
    let steady = short.at_speed(300.0, HOT_K).unwrap();
    let start = tables.flux.at(-1000.0, -60.0);
    let found = short.trace(circuit, &start, 400.0).unwrap();
    assert!(
        (found.end.i_d_a - steady.unit.i_d_a).abs() < 1e-3,
        "{found:?}"
    );
    assert!((found.end.i_q_a - steady.unit.i_q_a).abs() < 1e-3);
    // Resistance damps: the peak lies between the closed estimate and the steady current.
    let [psi_d, psi_q] = short.flux_vs_per_m(&start);
    let closed = short.transient_peak(psi_d.hypot(psi_q)).unwrap();
    assert!(found.peak.current_a() < -closed.i_d_a);
    assert!(found.peak.current_a() > steady.unit.current_a());
}

#[test]
fn what_the_map_does_not_cover_is_refused_by_name() {
    let tables = tables();
    let machine = machine(&tables);
    let short = ShortCircuit::new(&machine);
    let beyond = |error: DriveError| {
        assert!(matches!(error, DriveError::BeyondMap { .. }), "{error}");
        assert!(
            error
                .to_string()
                .contains("short-circuit current lies beyond")
        );
    };
    beyond(short.transient_peak(0.3).unwrap_err());
    let circuit = Circuit {
        electrical_rad_per_s: 3000.0,
        resistance_per_m: 0.01,
    };
    // A motoring start below the field-weakening range turns through positive i_d.
    beyond(
        short
            .trace(circuit, &tables.flux.at(-100.0, 400.0), 1.0)
            .unwrap_err(),
    );
    beyond(
        short
            .trace(circuit, &tables.flux.at(-1500.0, 0.0), 1.0)
            .unwrap_err(),
    );
    // Strong magnets: the characteristic current lies beyond 1000 A.
    let strong = fixture::linear_map(0.04, 2.5e-5, 4.0e-5);
    let tables = SectionTables {
        flux: crate::flux::UnitFlux::new(&strong).unwrap(),
        ..tables
    };
    let machine = Machine::new(&tables, 0.132, WINDING, Build::round_wire()).unwrap();
    let short = ShortCircuit::new(&machine);
    assert!(short.characteristic().is_err());
    beyond(short.at_speed(1000.0, HOT_K).unwrap_err());
    assert!(short.at_speed(1.0, HOT_K).is_ok());
}

#[test]
fn absurd_short_circuits_are_refused() {
    let tables = tables();
    let machine = machine(&tables);
    let short = ShortCircuit::new(&machine);
    let start = tables.flux.at(-1000.0, 0.0);
    let circuit = |w: f64, r: f64| Circuit {
        electrical_rad_per_s: w,
        resistance_per_m: r,
    };
    assert!(short.at_speed(-1.0, HOT_K).is_err());
    assert!(short.at_speed(f64::NAN, HOT_K).is_err());
    assert!(short.transient_peak(-0.1).is_err());
    for (circuit, turns) in [
        (circuit(0.0, 0.1), 1.0),
        (circuit(f64::NAN, 0.1), 1.0),
        (circuit(1e3, -0.1), 1.0),
        (circuit(1e3, 0.1), f64::INFINITY),
        (circuit(1e3, 0.1), -1.0),
    ] {
        let error = short.trace(circuit, &start, turns).unwrap_err();
        assert!(matches!(error, DriveError::OutOfRange { .. }), "{error}");
    }
}
