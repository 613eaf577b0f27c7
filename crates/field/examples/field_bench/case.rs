//! The Toyota Prius 2004 at 250 A, on a mesh of about the wanted number of unknowns.

use std::error::Error;
use std::path::Path;

use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_field::solve::model::Model;
use codrive_model::input::Source;
use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

/// Largest phase current of the benchmark, A peak.
pub(crate) const LARGEST_A: f64 = 250.0;
/// Currents on each axis.
pub(crate) const CURRENTS: usize = 16;
/// Rotor positions over 60 electrical degrees.
pub(crate) const POSITIONS: usize = 12;

/// Machine, materials and mesh.
pub(crate) struct Case {
    pub(crate) section: Section,
    pub(crate) machine: Machine,
    pub(crate) steel: Steel,
    pub(crate) magnet: MagnetGrade,
    /// Order of the elements.
    pub(crate) order: usize,
    /// Mesh nearest to the wanted number of unknowns.
    pub(crate) fineness: Fineness,
}

impl Case {
    /// Reads the shipped data and tries meshes.
    pub(crate) fn new(order: usize, unknowns: usize) -> Result<Self, Box<dyn Error>> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        let source = |path: &str| Source::read(&data.join(path));
        let mut case = Self {
            section: Section::read(&source("sections/prius-2004.toml")?)?,
            machine: Machine::read(&source("machines/prius-2004.toml")?)?,
            steel: source("materials/m400-50a.toml")?.parse()?,
            magnet: source("materials/prius-magnet.toml")?.parse()?,
            order,
            fineness: Fineness::second_order(POSITIONS),
        };
        case.fineness = case.nearest(unknowns)?;
        Ok(case)
    }

    /// Halves the range of lengths, a third to three times the default's, and keeps the nearest.
    fn nearest(&self, wanted: usize) -> Result<Fineness, Box<dyn Error>> {
        let default = match self.order {
            1 => Fineness::first_order(POSITIONS),
            2 => Fineness::second_order(POSITIONS),
            other => return Err(format!("order {other}: must be 1 or 2").into()),
        };
        let (mut low, mut high) = (1.0_f64 / 3.0, 3.0_f64);
        let mut best = (usize::MAX, default);
        for _ in 0..12 {
            let middle = (low * high).sqrt();
            let fineness = default.scaled(middle);
            let unknowns = self.unknowns(fineness)?;
            if unknowns.abs_diff(wanted) < best.0 {
                best = (unknowns.abs_diff(wanted), fineness);
            }
            if unknowns > wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(best.1)
    }

    fn unknowns(&self, fineness: Fineness) -> Result<usize, Box<dyn Error>> {
        let mesh = PoleMesh::new(&self.section, fineness)?;
        Ok(if self.order == 1 {
            self.model::<3, 1>(mesh)?.unknowns()
        } else {
            self.model::<6, 3>(mesh)?.unknowns()
        })
    }

    /// Mesh of the case.
    pub(crate) fn mesh(&self) -> Result<PoleMesh, Box<dyn Error>> {
        Ok(PoleMesh::new(&self.section, self.fineness)?)
    }

    /// Elements on a mesh of the case.
    pub(crate) fn model<const N: usize, const Q: usize>(
        &self,
        mesh: PoleMesh,
    ) -> Result<Model<N, Q>, Box<dyn Error>> {
        Ok(Model::new(&self.section, &self.steel, &self.magnet, mesh)?)
    }

    /// Direct-axis currents, from 0 to the largest negative, A.
    pub(crate) fn i_d_a() -> Vec<f64> {
        Self::i_q_a().iter().map(|i| -i).collect()
    }

    /// Quadrature-axis currents, from 0 to the largest, A.
    pub(crate) fn i_q_a() -> Vec<f64> {
        (0..CURRENTS)
            .map(|i| LARGEST_A * i as f64 / (CURRENTS - 1) as f64)
            .collect()
    }
}
