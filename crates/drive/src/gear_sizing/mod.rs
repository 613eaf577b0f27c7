//! Sizing of gear sets at concept level, for a torque and a duty.
//!
//! | Idea | Module |
//! |---|---|
//! | stresses and safety factors of a mesh by ISO 6336 quantities | [`strength`] |
//! | a duty as one torque, by Miner's rule | [`duty`] |
//! | one stage: diameter, width, teeth | `stage` |
//! | whole sets: offset two-stage, coaxial planetary | [`design`] |
//! | mass and inertia of their parts | `mass` |
//! | Naunheimer's formulas, to compare with | `formula` |

pub mod design;
pub mod duty;
mod formula;
mod mass;
mod stage;
pub mod strength;

pub use formula::{StageSize, first_stage_ratio, stage_size};
