//! What rotors that exist bear, and how sure the figure is.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::mesh::{Fineness, Part, PoleMesh};
use codrive_field::strength::{
    Body, COUNTED, Elastic, Magnets, Shaft, Stress, of_section, speed_limit_rad_per_s, spin,
    stress_at_speed_pa,
};
use codrive_model::section::Section;

const RPM: f64 = 30.0 / std::f64::consts::PI;
const SECTIONS: [&str; 3] = ["prius-2004", "bmw-i3", "jaguar-i-pace"];

fn rotor(section: &Section, fineness: Fineness) -> Part {
    PoleMesh::new(section, fineness).unwrap().rotor
}

/// Spins a rotor with magnets of a stiffness that lean, or with mass where none is given.
fn spun(section: &Section, part: &Part, young_pa: Option<f64>, shaft: Shaft) -> Stress {
    let (steel, magnet) = (common::steel(section), common::magnet(section));
    let density = magnet.density_kg_per_m3 / section.stacking_factor;
    spin(&Body {
        part,
        steel: Elastic {
            young_pa: steel.young_pa(),
            poisson: steel.poisson(),
            density_kg_per_m3: steel.density_kg_per_m3,
        },
        magnets: young_pa.map_or(Magnets::Mass(density), |young_pa| {
            Magnets::Leaning(Elastic {
                young_pa,
                poisson: 0.24,
                density_kg_per_m3: density,
            })
        }),
        shaft,
    })
    .unwrap()
}

fn counted(section: &Section, fineness: Fineness, young_pa: Option<f64>) -> f64 {
    let part = rotor(section, fineness);
    spun(section, &part, young_pa, Shaft::Free).percentile_pa_s2(COUNTED)
}

/// Highest speeds: Prius 2004 6,000 rpm (ORNL/TM-2006/423), i3 11,400 rpm (BMW training manual), I-Pace 13,000 rpm
/// (press). Rotors that exist hold them; a model that breaks them by more than its mesh error is too strict.
/// The I-Pace's steel is not known and comes out 0.2 % short with the 400 MPa assumed.
#[test]
fn rotors_that_exist_reach_their_speeds() {
    for (id, rpm) in [
        ("prius-2004", 6_000.0),
        ("bmw-i3", 11_400.0),
        ("jaguar-i-pace", 13_000.0),
    ] {
        let section = common::section(id);
        let (steel, magnet) = (common::steel(&section), common::magnet(&section));
        let strength = of_section(&section, &steel, &magnet).unwrap();
        let limit = strength.speed_limit_rad_per_s * RPM;
        println!(
            "{id}: limit {limit:.0} rpm, {:.1} Pa s2, {:.0} MPa at 1.2 x {rpm} rpm",
            strength.stress_pa_s2,
            strength.stress_pa_s2 * (1.2 * rpm / RPM).powi(2) * 1e-6
        );
        assert!(limit > 0.98 * rpm, "{id}: {limit}");
        assert!(limit < 1.4 * rpm, "{id}: {limit}");
    }
}

/// The mesh in use against one of about three times its unknowns: speed goes with the root of stress.
#[test]
fn the_mesh_is_fine_enough_for_two_per_cent_of_speed() {
    for id in SECTIONS {
        let section = common::section(id);
        let own = Fineness::second_order(12).refined();
        let stress = [own, own.scaled(0.55)].map(|f| counted(&section, f, Some(175e9)));
        let speed = (stress[1] / stress[0]).sqrt() - 1.0;
        assert!(speed.abs() < 0.02, "{id}: {speed}");
    }
}

/// Two ways of handing on the same force: a pressure whose resultant is right, and a soft body that hangs
/// on the same wall. A stiff magnet bends with its wall and takes load off it.
#[test]
fn soft_magnets_are_mass_and_stiff_ones_help() {
    for id in SECTIONS {
        let section = common::section(id);
        let fineness = Fineness::second_order(12).refined();
        let [mass, soft, stiff] =
            [None, Some(1e8), Some(175e9)].map(|e| counted(&section, fineness, e));
        println!("{id}: mass {mass:.1}, soft {soft:.1}, stiff {stiff:.1} Pa s2");
        assert!((soft / mass - 1.0).abs() < 0.04, "{id}: {soft} {mass}");
        assert!(stiff < mass, "{id}: {stiff} {mass}");
    }
}

/// A shaft that carries the whole bore, and one that carries nothing, bracket a shrink fit.
#[test]
fn the_shaft_moves_the_limit_by_less_than_a_tenth() {
    for id in SECTIONS {
        let section = common::section(id);
        let part = rotor(&section, Fineness::second_order(12).refined());
        let [free, rigid] = [Shaft::Free, Shaft::Rigid].map(|shaft| {
            let stress = spun(&section, &part, Some(175e9), shaft).percentile_pa_s2(COUNTED);
            speed_limit_rad_per_s(stress, common::steel(&section).yield_pa)
        });
        println!("{id}: free {:.0}, rigid {:.0} rpm", free * RPM, rigid * RPM);
        assert!((rigid / free - 1.0).abs() < 0.1, "{id}: {rigid} {free}");
    }
}

/// The mirror image of a pole bears what the pole bears, although its mesh is another.
#[test]
fn a_symmetric_pole_has_a_symmetric_stress() {
    let section = common::section("prius-2004");
    let part = rotor(&section, Fineness::second_order(12).scaled(0.3));
    let stress = spun(&section, &part, Some(175e9), Shaft::Free);
    let halves = [1.0, -1.0].map(|sign| {
        let kept: Vec<usize> = (0..stress.triangles.len())
            .filter(|t| {
                let y = stress.triangles[*t].map(|n| part.nodes[n as usize][1]);
                sign * y.iter().sum::<f64>() > 0.0
            })
            .collect();
        Stress {
            triangles: kept.iter().map(|t| stress.triangles[*t]).collect(),
            points_pa_s2: kept.iter().map(|t| stress.points_pa_s2[*t]).collect(),
            areas_m2: kept.iter().map(|t| stress.areas_m2[*t]).collect(),
            ..stress.clone()
        }
        .percentile_pa_s2(COUNTED)
    });
    assert!((halves[0] / halves[1] - 1.0).abs() < 0.05, "{halves:?}");
}

#[test]
fn a_speed_beyond_the_rotor_is_refused_with_the_limit() {
    use codrive_field::map::{MapPlan, solve_section};
    let (section, _, steel, magnet) = common::bmw_i3_reference();
    let plan = MapPlan {
        n_d: 2,
        n_q: 2,
        positions: 6,
        ..MapPlan::default()
    };
    let facts = solve_section(&section, &steel, &magnet, &plan, &|_, _| ())
        .unwrap()
        .facts;
    let limit = facts.burst_speed_limit_rad_per_s;
    let stress = stress_at_speed_pa(&facts, limit).unwrap();
    assert!((stress * 1.1 / steel.yield_pa - 1.0).abs() < 1e-12);
    let message = stress_at_speed_pa(&facts, 2.0 * limit)
        .unwrap_err()
        .to_string();
    for part in [
        format!(
            "{:.0} rpm is beyond the rotor's strength",
            2.0 * limit * RPM
        ),
        format!("at most {:.0} rpm", limit * RPM),
        steel.name,
    ] {
        assert!(message.contains(&part), "{message}");
    }
}
