use codrive_field::mesh::Fineness;
use codrive_model::{input::Source, machine::Machine, material::*, section::Section};
fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let read = |p: &str| Source::read(&root.join(p)).unwrap();
    let a: Vec<String> = std::env::args().collect();
    let s = Section::read(&read(&format!("sections/{}.toml", a[1]))).unwrap();
    let st: Steel = read(&format!("materials/{}.toml", s.steel.to_lowercase())).parse().unwrap();
    let mut mg: MagnetGrade = read(&format!("materials/{}.toml", s.magnet.to_lowercase())).parse().unwrap();
    let (l, n, p, id, iq, ang) = match a[1].as_str() {
        "prius-2004" => (83.82, 9, 1, -160.697, 191.511, 0.0),
        "bmw-i3" => (132.0, 6, 2, -195.0, 195.0, 5.0f64),
        _ => (165.1, 8, 2, -300.0, 500.0, 0.0),
    };
    let mut s = s;
    if a[1] == "bmw-i3" { mg.remanence_20c_t = 1.2; mg.remanence_per_k = 0.0; s.stacking_factor = 1.0; }
    let m: Machine = Source::shipped("m", &format!("schema=1\nid=\"m\"\nname=\"m\"\nsource=\"t\"\nsection=\"x\"\nstack=\"{l} mm\"\nconductors_per_slot={n}\nparallel_paths={p}\n")).parse().unwrap();
    let pos: usize = a.get(2).map_or(12, |v| v.parse().unwrap());
    for order in [1, 2] {
        for f in [1.0, 0.5, 0.25] {
            let fin = if order == 1 { Fineness::first_order(pos) } else { Fineness::second_order(pos) }.scaled(f);
            let t = std::time::Instant::now();
            match codrive_field::point::solve_point_on(&s, &m, &st, &mg, [id, iq], ang.to_radians(), fin, order) {
                Ok(r) => println!("P{order} x{f}: {:?}\n   {:.3}s", r, t.elapsed().as_secs_f64()),
                Err(e) => println!("P{order} x{f}: {e}"),
            }
        }
    }
}
