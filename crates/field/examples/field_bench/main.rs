//! Our side of `benchmarks/field`: prints one JSON object about the Prius 2004 pole.
//!
//! - `field_bench mesh ORDER UNKNOWNS`: the pole as both programs take it.
//! - `field_bench row ORDER UNKNOWNS REPEATS`: warm operating points at rotor position zero.
//! - `field_bench map ORDER UNKNOWNS THREADS REPEATS`: the full map.
//! - `field_bench parts ORDER UNKNOWNS`: where the map's time goes, on one thread.
//! - `field_bench smooth ORDER UNKNOWNS THREADS`: maps with fewer points against the full map.
//!
//! UNKNOWNS is what the mesh should come near to.

mod case;
mod clock;
mod map;
mod mesh;
mod parts;
mod peak;
mod row;
mod smooth;

use std::error::Error;

use case::Case;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> Result<usize, Box<dyn Error>> {
        let word = words.get(at).ok_or("field_bench: an argument is missing")?;
        Ok(word
            .parse()
            .map_err(|_| format!("`{word}` is not a number"))?)
    };
    let threads = match words.first().map(String::as_str) {
        Some("map" | "smooth") => number(3)?,
        _ => 1,
    };
    map::use_threads(threads)?;
    let case = || -> Result<Case, Box<dyn Error>> { Case::new(number(1)?, number(2)?) };
    let report = match words.first().map(String::as_str) {
        Some("mesh") => mesh::export(&case()?)?,
        Some("row") => row::measure(&case()?, number(3)?)?,
        Some("map") => map::measure(&case()?, threads, number(4)?)?,
        Some("parts") => parts::measure(&case()?)?,
        Some("smooth") => smooth::measure(&case()?, threads)?,
        _ => return Err("field_bench mesh | row | map | parts | smooth ORDER UNKNOWNS ...".into()),
    };
    println!("{report}");
    Ok(())
}
