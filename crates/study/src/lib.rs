//! Wires the stages: reads inputs, keeps finished sections, runs the chain, writes folders.
//!
//! A tour: [`run`] is the order of the stages. [`inputs`] reads and checks files, [`partner`] the private ones; [`fleet`] prepares
//! the vehicles; [`sections`] is the field stage with its [`cache`]; [`candidates`] evaluates every
//! configuration; [`problem`] poses what [`selection`] and [`settlement`] choose and split, [`verdict`] says whether anybody would
//! rather leave; [`doubt`] prices the decision over the ranges of its inputs; [`tradeoffs`] says what cost buys; [`development`] plans the way to
//! production; [`targets`] scores the units; [`chosen`] and [`results`]
//! build what is shown; [`release`] decides who sees what, [`trade`] what crosses between partners, [`inference`] what
//! a reader can compute from it; [`folders`] and [`out`] write. [`motor`], [`unit`]
//! and [`car`] with its [`day`] are the parts on their own; [`validate`] compares with what is published.

mod attempt;
pub mod cache;
pub mod candidates;
pub mod car;
pub mod car_endurance;
pub mod car_results;
pub mod car_split;
mod car_tables;
pub mod chosen;
pub mod day;
pub mod development;
pub mod doubt;
pub mod driven_car;
pub mod error;
pub mod files;
pub mod fleet;
pub mod folders;
mod gear_sets;
mod generic_unit;
pub mod inference;
pub mod inputs;
mod kept;
pub mod materials;
pub mod motor;
pub mod needs;
pub mod out;
pub mod overlap;
pub mod partner;
pub mod plant_network;
pub mod plants;
pub mod problem;
pub mod progress;
pub mod reach;
pub mod release;
pub mod results;
pub mod run;
mod screen;
pub mod sections;
pub mod selection;
pub mod settlement;
pub mod targets;
pub mod trade;
pub mod tradeoffs;
pub mod unit;
mod unit_conditions;
mod unit_figures;
pub mod unit_modules;
mod unit_tables;
mod unit_unknowns;
pub mod validate;
pub mod verdict;
pub mod wishes;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/cars.md")]
struct Guide;
