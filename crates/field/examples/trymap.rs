use codrive_field::{map::*, mesh::Fineness};
use codrive_model::{input::Source, material::*, section::Section};
fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let read = |p: &str| Source::read(&root.join(p)).unwrap();
    let a: Vec<String> = std::env::args().collect();
    for path in &a[1..] {
        let mut s = match Section::read(&Source::read(path.as_ref()).unwrap()) { Ok(s) => s, Err(e) => { println!("{path}: {e} {:?}", e.hint); continue } };
        let st: Steel = read(&format!("materials/{}.toml", s.steel.to_lowercase())).parse().unwrap();
        let mut mg: MagnetGrade = read(&format!("materials/{}.toml", s.magnet.to_lowercase())).parse().unwrap();
        let mut plan = MapPlan::default(); if let Ok(n) = std::env::var("ND") { plan.n_d = n.parse().unwrap(); plan.n_q = plan.n_d; }
        if std::env::var("REF").is_ok() { mg.remanence_20c_t = 1.2; mg.remanence_per_k = 0.0; s.stacking_factor = 1.0; plan.n_d = 5; plan.n_q = 5; plan.largest_current_a = Some(260.0 * 3.0); }
        if let Ok(f) = std::env::var("FINE") { plan.fineness = Fineness::second_order(12).scaled(f.parse().unwrap()); }
        if let Ok(f) = std::env::var("STRIPS") { plan.fineness.stator_strips = f.parse().unwrap(); } if let Ok(f) = std::env::var("ASPECT") { plan.fineness.gap_aspect = f.parse().unwrap(); } if let Ok(f) = std::env::var("FEAT") { plan.fineness.per_feature = f.parse().unwrap(); } if let Ok(f) = std::env::var("GROWTH") { plan.fineness.growth = f.parse().unwrap(); }
        if std::env::var("P1").is_ok() { plan.order = 1; plan.fineness = Fineness::first_order(12); }
        let t = std::time::Instant::now();
        let r = match solve_section(&s, &st, &mg, &plan, &|a, b| if std::env::var("V").is_ok() { eprintln!("{a}/{b} {:.1}", t.elapsed().as_secs_f64()) }) { Ok(r) => r, Err(e) => { println!("{path}: {e}"); continue } };
        let dt = t.elapsed().as_secs_f64();
        let m = &r.flux_map; let f = &r.facts;
        let best = m.i_d_a.iter().enumerate().flat_map(|(d, i)| m.i_q_a.iter().enumerate().map(move |(q, j)| (d, q, *i, *j))).filter(|(_, _, i, j)| i.hypot(*j) <= 1.001 * m.i_q_a.last().unwrap()).map(|(d, q, i, j)| (m.torque_nm_per_m[d * m.i_q_a.len() + q], i, j, d * m.i_q_a.len() + q)).fold((0.0, 0.0, 0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
        let shear = best.0 / (2.0 * std::f64::consts::PI * f.stator_bore_radius_m.powi(2));
        let l = &m.loss; let at = best.3;
        println!("{}: {:.2}s {} unk {:.1}deg N{} newton/pt {:.2} notconv {} resid {:.1e} dev {:.4} | imax {:.0} T/l {:.0} at ({:.0},{:.0}) shear {:.1} kPa ripple {:.0} | psi0 {:.4} emf {:.3?} cog {:.1} | loss/m 400Hz sh {:.0} se {:.0} rh {:.0} re {:.0} m {:.0} | burst {:.0} rpm bridges mag {:.0} mm2 kw {:.3} tooth {:.2} yoke {:.1} slot {:.1}x{:.1}",
            m.section, dt, m.health.unknowns.max(0), m.health.smallest_angle_deg, m.health.triangles, m.health.newton_iterations as f64 / m.health.operating_points as f64, m.health.not_converged, m.health.worst_residual, m.health.arkkio_dq_deviation,
            m.i_q_a.last().unwrap(), best.0, best.1, best.2, shear / 1e3, m.torque_ripple_nm_per_m[at], m.psi_d_vs_per_m[(m.i_d_a.len() - 1) * m.i_q_a.len()], &m.back_emf.amplitude_vs_per_m[..4], m.back_emf.cogging_nm_per_m,
            l.stator_hysteresis_w_per_m[at], l.stator_eddy_w_per_m[at], l.rotor_hysteresis_w_per_m[at], l.rotor_eddy_w_per_m[at], l.magnet_eddy_w_per_m[at],
            f.burst_speed_limit_rad_per_s * 30.0 / std::f64::consts::PI, 1e6 * f.magnet_area_m2, f.winding_factor, 1e3 * f.tooth_width_m, 1e3 * f.yoke_height_m, 1e3 * f.slot_width_m, 1e3 * f.slot_depth_m);
        if std::env::var("REF").is_ok() {
            let k = 3.0; let ll = 0.132;
            for (i, d) in m.i_d_a.iter().enumerate().rev() { for (j, q) in m.i_q_a.iter().enumerate() { let at = i * m.i_q_a.len() + j; println!("{:.1},{:.1},{:.7},{:.7},{:.4}", d / k, q / k, k * ll * m.psi_d_vs_per_m[at], k * ll * m.psi_q_vs_per_m[at], ll * m.torque_nm_per_m[at]); } }
        }
    }
}
