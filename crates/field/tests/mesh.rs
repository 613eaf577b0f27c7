//! What the mesh promises: angles, borders, area, accuracy, and a topology that designs share.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::mean::{MeanPoint, mean_points};
use codrive_field::measure::Meter;
use codrive_field::mesh::{Fill, Fineness, Part, PoleMesh};
use codrive_field::mesh_error::mesh_error;
use codrive_field::solve::batch::{Batch, Currents, Stop};
use codrive_field::solve::equations::Equations;
use codrive_field::solve::model::Model;
use codrive_model::input::Source;
use codrive_model::section::Section;

const P2: fn() -> Fineness = || Fineness::second_order(12);

fn shipped() -> Vec<Section> {
    let mut sections = Vec::new();
    for folder in ["data/sections", "examples/bmw-jlr/sections"] {
        let mut paths: Vec<_> = std::fs::read_dir(common::root().join(folder))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        paths.sort();
        let read = |p: &std::path::PathBuf| Section::read(&Source::read(p).unwrap()).unwrap();
        sections.extend(paths.iter().map(read));
    }
    sections
}

fn area(part: &Part, counts: impl Fn(Fill) -> bool) -> f64 {
    let of = |t: &[u32; 3]| {
        let [a, b, c] = t.map(|n| part.nodes[n as usize]);
        ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2.0
    };
    let chosen = part.triangles.iter().zip(&part.fill);
    chosen
        .filter(|(_, f)| counts(**f))
        .map(|(t, _)| of(t))
        .sum()
}

/// No angle below 18° on any shipped section, second order; the estimate's mesh has two to three
/// times the unknowns.
#[test]
fn angles_are_at_least_eighteen_degrees() {
    for section in shipped() {
        let mesh = PoleMesh::new(&section, P2()).unwrap();
        let angle = mesh.smallest_angle_deg();
        assert!(angle >= 18.0, "{}: {angle:.1}°", section.id);
        let finer = PoleMesh::new(&section, P2().refined()).unwrap();
        #[allow(clippy::cast_precision_loss)]
        let ratio = finer.triangles() as f64 / mesh.triangles() as f64;
        println!(
            "{}: {angle:.1}°, {ratio:.2} times the triangles",
            section.id
        );
        assert!((1.7..3.5).contains(&ratio), "{}: {ratio:.2}", section.id);
    }
}

/// Both parts cover their annulus: the border polygons of shaft and outer surface keep the area of
/// their circles, those of surface and bore are inscribed in theirs.
#[test]
fn the_mesh_covers_its_sector() {
    for section in shipped() {
        let mesh = PoleMesh::new(&section, P2()).unwrap();
        let poles = 2.0 * f64::from(section.pole_pairs);
        let disc = |d: f64| std::f64::consts::FRAC_PI_4 * d * d / poles;
        let rotor = disc(section.rotor.outer_diameter_m) - disc(section.rotor.inner_diameter_m);
        let stator = disc(section.stator.outer_diameter_m) - disc(section.stator.bore_diameter_m);
        let off_rotor = area(&mesh.rotor, |f| f != Fill::Gap) / rotor - 1.0;
        let off_stator = area(&mesh.stator, |f| f != Fill::Gap) / stator - 1.0;
        assert!(off_rotor.abs() < 2e-4, "{}: {off_rotor}", section.id);
        assert!(off_stator.abs() < 2e-4, "{}: {off_stator}", section.id);
    }
}

/// Nodes of both sides face each other, and the ring has equal steps.
#[test]
fn sides_and_ring_match() {
    for section in shipped() {
        let mesh = PoleMesh::new(&section, P2()).unwrap();
        assert_faces(&mesh, &section.id);
    }
}

fn assert_faces(mesh: &PoleMesh, id: &str) {
    for part in [&mesh.rotor, &mesh.stator] {
        assert_eq!(part.minus.len(), part.plus.len(), "{id}");
        for (a, b) in part.minus.iter().zip(&part.plus) {
            let (a, b) = (part.nodes[*a as usize], part.nodes[*b as usize]);
            assert!((a[0].hypot(a[1]) - b[0].hypot(b[1])).abs() < 1e-8, "{id}");
        }
        assert_eq!(part.ring.len(), mesh.ring_steps + 1, "{id}");
        let angle = |n: u32| part.nodes[n as usize][1].atan2(part.nodes[n as usize][0]);
        #[allow(clippy::cast_precision_loss)]
        let step = 2.0 * angle(part.ring[mesh.ring_steps]) / mesh.ring_steps as f64;
        for pair in part.ring.windows(2) {
            assert!(
                (angle(pair[1]) - angle(pair[0]) - step).abs() < 1e-9,
                "{id}"
            );
        }
    }
}

fn worst(points: &[MeanPoint], exact: &[MeanPoint]) -> [f64; 2] {
    let most = |f: &dyn Fn(&MeanPoint) -> f64| exact.iter().map(f).fold(0.0_f64, f64::max);
    let flux = most(&|p| p.psi_d_vs.hypot(p.psi_q_vs));
    let torque = most(&|p| p.torque_nm.abs());
    let mut worst = [0.0_f64; 2];
    for (p, e) in points.iter().zip(exact) {
        let off = (p.psi_d_vs - e.psi_d_vs).hypot(p.psi_q_vs - e.psi_q_vs);
        worst[0] = worst[0].max(off / flux);
        worst[1] = worst[1].max((p.torque_nm - e.torque_nm).abs() / torque);
    }
    worst
}

/// The default mesh against one of four times the unknowns, at the corners of the map.
#[test]
fn the_default_mesh_is_right_to_a_thousandth() {
    let (section, machine, steel, magnet) = common::prius();
    let currents = [
        [0.0, 0.0],
        [-250.0, 0.0],
        [0.0, 250.0],
        [-250.0, 250.0],
        [-125.0, 125.0],
    ];
    let solve =
        |fineness| mean_points(&section, &machine, &steel, &magnet, &currents, fineness).unwrap();
    let [flux, torque] = worst(&solve(P2()), &solve(P2().scaled(0.5)));
    println!(
        "prius: flux {:.3} %, torque {:.3} %",
        1e2 * flux,
        1e2 * torque
    );
    assert!(flux < 1e-3 && torque < 2e-3, "{flux} {torque}");
}

/// A design varied by a few percent keeps triangles and numbering; area and borders stay right.
#[test]
fn a_varied_design_keeps_its_topology() {
    let text = common::source("examples/bmw-jlr/sections/v48-200.toml").text;
    let design = |text: &str| -> Section { Source::shipped("v48.toml", text).parse().unwrap() };
    let section = design(&text);
    let mesh = PoleMesh::new(&section, P2()).unwrap();
    let vary = |share: f64| {
        let mut to = section.clone();
        for layer in &mut to.rotor.v {
            layer.magnet_width_m *= 1.0 - 0.5 * share;
            layer.magnet_thickness_m *= 1.0 + share;
            layer.bridge_m *= 1.0 + share;
            layer.rib_m *= 1.0 + share;
        }
        to.rotor.inner_diameter_m *= 1.0 - 0.3 * share;
        to.stator.outer_diameter_m *= 1.0 + 0.2 * share;
        to
    };
    for share in [-0.1, -0.05, 0.0, 0.05, 0.1, 0.2] {
        let to = vary(share);
        let moved = mesh.morphed(&section, &to);
        let angle = moved.as_ref().map(PoleMesh::smallest_angle_deg);
        println!("varied by {share}: {angle:?}");
        let moved = moved.unwrap();
        assert!(angle.unwrap() >= 15.0);
        assert_eq!(moved.rotor.triangles, mesh.rotor.triangles);
        assert_eq!(moved.stator.triangles, mesh.stator.triangles);
        assert_faces(&moved, "moved");
        let fresh = PoleMesh::new(&to, P2()).unwrap();
        for fill in [
            Fill::Magnet(0),
            Fill::Air,
            Fill::Steel,
            Fill::Slot(1),
            Fill::Gap,
        ] {
            let of = |m: &PoleMesh| area(&m.rotor, |f| f == fill) + area(&m.stator, |f| f == fill);
            let off = of(&moved) / of(&fresh) - 1.0;
            assert!(off.abs() < 1e-3, "{fill:?} at {share}: {off}");
        }
    }
    let mut other = section.clone();
    other.slots = 72;
    assert!(mesh.morphed(&section, &other).is_none());
}

/// Flux linkages of the unit winding and torque at a few currents, at rotor angle zero.
fn readings(section: &Section, mesh: PoleMesh) -> Vec<[f64; 3]> {
    let (steel, magnet) = (common::steel(section), common::magnet(section));
    let model = Model::<6, 3>::new(section, &steel, &magnet, mesh).unwrap();
    let equations = Equations::new(&model);
    let mut batch = Batch::new(&equations, Stop::default());
    let currents = [
        [0.0, 0.0],
        [-1000.0, 1000.0],
        [-2000.0, 1000.0],
        [0.0, 2000.0],
    ]
    .map(|[i_d_a, i_q_a]| Currents {
        i_d_a,
        i_q_a,
        i_f_a: 0.0,
    });
    assert!(batch.solve(&currents).iter().all(|e| e.converged));
    let readings = Meter::new(&equations).read(&batch, currents.len());
    readings
        .iter()
        .map(|r| [r.psi_d, r.psi_q, r.torque])
        .collect()
}

/// A moved mesh gives the flux of a fresh one within the error of either.
#[test]
fn a_moved_mesh_solves_to_the_same_flux() {
    let section = common::section("prius-2004");
    let mesh = PoleMesh::new(&section, P2()).unwrap();
    for share in [-0.1, 0.05, 0.1, 0.2] {
        let mut to = section.clone();
        to.rotor.inner_diameter_m *= 1.0 - share / 4.0;
        to.stator.outer_diameter_m *= 1.0 + share / 4.0;
        if let codrive_model::section::SlotShape::Trapezoid(slot) = &mut to.stator.slot {
            slot.depth_m *= 1.0 + share;
            slot.opening_width_m *= 1.0 + share;
            slot.top_width_m *= 1.0 + share;
        }
        let moved = mesh.morphed(&section, &to).unwrap();
        let fresh = PoleMesh::new(&to, P2()).unwrap();
        let (moved, fresh) = (readings(&to, moved), readings(&to, fresh));
        let most = |k: usize| fresh.iter().fold(0.0_f64, |m, r| m.max(r[k].abs()));
        let (flux, torque) = (most(0).hypot(most(1)), most(2));
        for (m, f) in moved.iter().zip(&fresh) {
            let off = [
                (m[0] - f[0]) / flux,
                (m[1] - f[1]) / flux,
                (m[2] - f[2]) / torque,
            ];
            println!("{share}: {off:?}");
            assert!(
                off[0].abs() < 2e-3 && off[1].abs() < 2e-3,
                "{share}: {off:?}"
            );
            // One rotor position: the torque ripple, not its mean.
            assert!(off[2].abs() < 1e-2, "{share}: {off:?}");
        }
    }
}

/// The estimate by a second mesh is of the size of the error against a much finer one, which
/// `examples/mesh_accuracy.rs` measures (0.08 % of the flux linkage, 0.02 % of the torque).
#[test]
fn the_estimate_of_the_error_is_of_its_size() {
    let (section, _, steel, magnet) = common::prius();
    let error = mesh_error(
        &section,
        &steel,
        &magnet,
        Fineness::second_order(12),
        2250.0,
    )
    .unwrap();
    assert!(error.unknowns[1] > 2 * error.unknowns[0]);
    assert!((4e-4..1.2e-3).contains(&error.flux), "{error:?}");
    assert!((5e-5..1e-3).contains(&error.torque), "{error:?}");
}
