//! The words of codrive as plain data: no algorithm lives here.
//!
//! Every other crate speaks in these types. What a person writes is in
//! [`section`], [`machine`], [`inverter`], [`gear_set`], [`unit_file`] with [`unknowns`], [`vehicle`], [`duty`]
//! and [`programme`]; what a stage hands to the next is in [`flux_map`],
//! [`operating_map`], [`unit`], [`unit_heat`], [`requirement`], [`family`], [`money`],
//! [`unit_map`] and [`summary`]. [`units`] reads quantities such as `"125 kW"` into SI numbers,
//! [`input`] turns a file into a value or into an error that points at the line.
//!
//! Conventions: SI inside, the unit is part of the name; amplitude-invariant dq
//! transform, peak values, motoring positive, d axis on the magnet.

pub mod development;
pub mod doubt;
pub mod drawing;
pub mod driven_car;
pub mod duty;
pub mod family;
pub mod flux_map;
pub mod gear_set;
pub mod input;
pub mod inverter;
pub mod loss_table;
pub mod machine;
pub mod material;
pub mod money;
pub mod money_study;
pub mod operating_map;
pub mod plant_network;
pub mod programme;
pub mod requirement;
pub mod safe_state;
pub mod section;
pub mod summary;
pub mod targets;
pub mod tradeoff;
pub mod unit;
pub mod unit_file;
pub mod unit_heat;
pub mod unit_map;
pub mod units;
pub mod unknowns;
pub mod vehicle;
pub mod wish;
