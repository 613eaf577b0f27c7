//! Lamination steel and magnets: a shipped grade where the data are the same, else one of the
//! file's own.

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};

use crate::fault::Fault;
use crate::json::Node;
use crate::loss_fit::{LossPoint, fit};
use crate::notes::Notes;

/// Yield strength of steels whose file states none, Pa.
const ASSUMED_YIELD_PA: f64 = 350e6;

/// Grades that need no file of their own.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Lamination steels.
    pub steels: Vec<Steel>,
    /// Magnets.
    pub magnets: Vec<MagnetGrade>,
}

/// A grade, and whether it is one of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade<T> {
    /// Its data.
    pub data: T,
    /// It is in the catalogue, so that its name is enough.
    pub shipped: bool,
}

/// Reads the lamination of a stator or rotor.
pub(crate) fn steel(
    lamination: &Node,
    known: &Catalogue,
    origin: &str,
    notes: &mut Notes,
) -> Result<Grade<Steel>, Fault> {
    let material = lamination.need("mat_type")?;
    let name = material.words("name");
    let name = name.as_deref().unwrap_or("lamination");
    let (b_t, h_a_per_m) = curve(&material)?;
    let same_name = known.steels.iter().find(|s| plain(&s.name) == plain(name));
    if let Some(shipped) = same_name {
        if same_curve(shipped, &b_t, &h_a_per_m) {
            return Ok(Grade {
                data: shipped.clone(),
                shipped: true,
            });
        }
        notes.section(format!(
            "the magnetisation curve of {name} in the file is not that of the shipped {}: the \
             file's own is taken",
            shipped.name
        ));
    }
    let loss = loss(&material, name, notes)?;
    notes.section(format!(
        "yield strength of {name} is not in the file: {:.0} MPa assumed",
        1e-6 * ASSUMED_YIELD_PA
    ));
    let data = Steel {
        name: name.to_owned(),
        source: origin.to_owned(),
        b_t,
        h_a_per_m,
        density_kg_per_m3: density(&material, 7650.0, name, notes)?,
        yield_pa: ASSUMED_YIELD_PA,
        young_modulus_pa: None,
        poisson_ratio: None,
        loss_table: None,
        loss,
    };
    Ok(Grade {
        data,
        shipped: false,
    })
}

/// Reads the material of a magnet.
pub(crate) fn magnet(
    magnet: &Node,
    known: &Catalogue,
    origin: &str,
    notes: &mut Notes,
) -> Result<Grade<MagnetGrade>, Fault> {
    let material = magnet.need("mat_type")?;
    let name = material.words("name");
    let name = name.as_deref().unwrap_or("magnet");
    let magnetic = material.need("mag")?;
    let resistivity = material
        .get("elec")
        .and_then(|electric| electric.get("rho"));
    let conductivity_s_per_m = match resistivity {
        Some(rho) => match rho.number(0.0, 1e20)? {
            0.0 => 0.0,
            rho => 1.0 / rho,
        },
        None => 0.0,
    };
    let mut data = MagnetGrade {
        name: name.to_owned(),
        source: origin.to_owned(),
        remanence_20c_t: magnetic.need("Brm20")?.number(0.05, 2.0)?,
        remanence_per_k: match magnetic.get("alpha_Br") {
            Some(alpha) => alpha.number(-0.02, 0.02)?,
            None => 0.0,
        },
        mu_r: match magnetic.get("mur_lin") {
            Some(mu_r) => mu_r.number(1.0, 3.0)?,
            None => 1.05,
        },
        conductivity_s_per_m,
        density_kg_per_m3: 0.0,
        rare_earth_fraction: 0.0,
        knee: None,
    };
    data.rare_earth_fraction = rare_earth_fraction(data.remanence_20c_t);
    let mut later = Notes::default();
    data.density_kg_per_m3 = density(&material, 7500.0, name, &mut later)?;
    if let Some(shipped) = known.magnets.iter().find(|m| same_magnet(m, &data)) {
        return Ok(Grade {
            data: shipped.clone(),
            shipped: true,
        });
    }
    if data.conductivity_s_per_m == 0.0 {
        later.section(format!(
            "conductivity of {name} is not in the file: no eddy currents in the magnets"
        ));
    }
    if magnetic.get("mur_lin").is_none() {
        later.section(format!(
            "recoil permeability of {name} is not in the file: 1.05 assumed"
        ));
    }
    if magnetic.get("alpha_Br").is_none() {
        later.section(format!(
            "temperature coefficient of {name} is not in the file: none assumed"
        ));
    }
    later
        .section
        .into_iter()
        .for_each(|note| notes.section(note));
    Ok(Grade {
        data,
        shipped: false,
    })
}

/// Names are compared without case, spaces and hyphens.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

fn same_curve(shipped: &Steel, b_t: &[f64], h_a_per_m: &[f64]) -> bool {
    let same =
        |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b));
    same(&shipped.b_t, b_t) && same(&shipped.h_a_per_m, h_a_per_m)
}

/// What pyleecan does not say: ferrites reach 0.5 T and hold none, what reaches more is taken to be sintered NdFeB.
fn rare_earth_fraction(remanence_20c_t: f64) -> f64 {
    if remanence_20c_t > 0.6 { 0.31 } else { 0.0 }
}

fn same_magnet(a: &MagnetGrade, b: &MagnetGrade) -> bool {
    near(a.remanence_20c_t, b.remanence_20c_t)
        && near(a.remanence_per_k, b.remanence_per_k)
        && near(a.mu_r, b.mu_r)
        && near(a.conductivity_s_per_m, b.conductivity_s_per_m)
        && near(a.density_kg_per_m3, b.density_kg_per_m3)
}

fn density(material: &Node, assumed: f64, name: &str, notes: &mut Notes) -> Result<f64, Fault> {
    let given = material.get("struct").and_then(|node| node.get("rho"));
    match given {
        Some(rho) => rho.number(500.0, 25_000.0),
        None => {
            notes.section(format!(
                "density of {name} is not in the file: {assumed:.0} kg/m3 assumed"
            ));
            Ok(assumed)
        }
    }
}

/// The magnetisation curve, T and A/m, from the origin.
fn curve(material: &Node) -> Result<(Vec<f64>, Vec<f64>), Fault> {
    let node = material.need("mag")?.need("BH_curve")?;
    let rows = table(&node, 2)?.ok_or_else(|| {
        node.fault(
            "holds no magnetisation curve",
            "a table of field strength and flux density in the file (ImportMatrixVal)",
        )
    })?;
    let (mut b_t, mut h_a_per_m) = (vec![0.0], vec![0.0]);
    for row in rows {
        let (h, b) = (row[0], row[1]);
        if h == 0.0 && b == 0.0 {
            continue;
        }
        if b <= b_t[b_t.len() - 1] || h <= h_a_per_m[h_a_per_m.len() - 1] {
            return Err(node.fault(
                format!("does not rise at H = {h} A/m, B = {b} T"),
                "field strength and flux density rise from row to row",
            ));
        }
        b_t.push(b);
        h_a_per_m.push(h);
    }
    if b_t.len() < 4 {
        return Err(node.fault("has fewer than four points", "a table up to saturation"));
    }
    Ok((b_t, h_a_per_m))
}

/// The rows of a matrix of `width` columns, whichever way it is written; `None` if it is empty.
fn table(node: &Node, width: usize) -> Result<Option<Vec<Vec<f64>>>, Fault> {
    let Some(value) = node.get("value") else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for row in value.items()? {
        let numbers: Result<Vec<f64>, Fault> = row
            .items()?
            .iter()
            .map(|number| number.number(-1e9, 1e9))
            .collect();
        rows.push(numbers?);
    }
    let length = rows.first().map_or(0, Vec::len);
    if length == 0 {
        return Ok(None);
    }
    if rows.iter().any(|row| row.len() != length) {
        return Err(value.fault("has rows of different length", "a matrix"));
    }
    if length != width && rows.len() == width {
        rows = (0..length)
            .map(|i| rows.iter().map(|row| row[i]).collect())
            .collect();
    }
    if rows[0].len() != width {
        let message = format!("is no table of {width} columns");
        return Err(value.fault(message, "as pyleecan writes it"));
    }
    Ok(Some(rows))
}

/// Loss coefficients fitted to the file's table; zero, and said so, where it has none.
fn loss(material: &Node, name: &str, notes: &mut Notes) -> Result<SteelLoss, Fault> {
    let node = material.need("mag")?.get("LossData");
    let rows = match &node {
        Some(node) => table(node, 3)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let points: Vec<LossPoint> = rows
        .iter()
        .map(|row| LossPoint {
            frequency_hz: row[0],
            b_t: row[1],
            loss_w_per_kg: row[2],
        })
        .filter(|p| p.frequency_hz > 0.0 && p.b_t > 0.0 && p.loss_w_per_kg > 0.0)
        .collect();
    if let Some((loss, rms)) = fit(&points) {
        notes.section(format!(
            "iron loss of {name} fitted to the file's {} points, rms {:.0} %",
            points.len(),
            100.0 * rms
        ));
        return Ok(loss);
    }
    notes.section(format!(
        "no loss table of {name} in the file: iron loss is zero until [loss] is filled in"
    ));
    Ok(SteelLoss {
        k_h: 0.0,
        alpha: 1.3,
        beta: 2.0,
        k_e: 0.0,
        k_exc: 0.0,
    })
}
