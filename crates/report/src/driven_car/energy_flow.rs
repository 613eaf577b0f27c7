//! Where the energy of a cycle goes, from the wall to the road: a Sankey diagram.
//!
//! The band flows to the right; losses leave it upwards, what braking recuperates runs back below it.

use std::f64::consts::{FRAC_PI_2, PI};

use codrive_model::driven_car::{DrivenCycle, EnergyFlow};

use crate::number;
use crate::picture::Picture;
use crate::svg::{PathData, Svg};

pub(super) const CAPTION: &str = "Energy of the cycle over its distance, from the wall to the road; widths to scale. The \
     work that the units take in braking runs back below, before what they lose of it, which is with their losses.";

const J_PER_M_TO_WH_PER_KM: f64 = 1.0 / 3.6;
/// Width of the widest band, and lower edge of the band from the wall, px.
const WIDEST: f64 = 150.0;
const BASE: f64 = 300.0;
/// Height at which arrows of losses end, and inner radius of their bends, px.
const TOP: f64 = 78.0;
const BEND: f64 = 12.0;
/// Steps of a quarter circle.
const ARC: usize = 12;

/// Places along the band where something leaves or joins it, px.
const WALL: f64 = 30.0;
const CHARGER: f64 = 110.0;
const BATTERY: f64 = 225.0;
const JOIN: f64 = 330.0;
const AUXILIARY: f64 = 385.0;
const UNITS: f64 = 500.0;
const PART: f64 = 680.0;
const FRICTION: f64 = 650.0;
const END: f64 = 850.0;

/// The diagram; `None` where nothing flows.
pub(super) fn picture(cycle: &DrivenCycle) -> Option<Picture> {
    let flow = &cycle.flow;
    let widest_j = flow
        .wall_j
        .max(flow.wall_j - flow.charger_j + flow.recuperated_j);
    let sound = widest_j.is_finite() && widest_j > 0.0 && flow.wall_j > 0.0;
    if !sound || cycle.distance_m <= 0.0 {
        return None;
    }
    let mut band = Band {
        svg: Svg::default(),
        px_per_j: WIDEST / widest_j,
        upper: BASE - flow.wall_j * WIDEST / widest_j,
        distance_m: cycle.distance_m,
        wall_j: flow.wall_j,
    };
    band.draw(flow);
    let label = format!("Energy of {} from the wall to the road", cycle.cycle);
    Some(Picture::new(band.svg, (1040.0, 440.0), label))
}

struct Band {
    svg: Svg,
    px_per_j: f64,
    /// Upper edge of what is left of the band, px.
    upper: f64,
    distance_m: f64,
    wall_j: f64,
}

impl Band {
    fn draw(&mut self, flow: &EnergyFlow) {
        let back = flow.recuperated_j * self.px_per_j;
        self.loop_back(flow, back);
        let start = self.upper;
        self.block((WALL, CHARGER), start, BASE);
        self.wall_label(start);
        self.loss((CHARGER, BATTERY), 0, ("charging", flow.charger_j), BASE);
        self.loss((BATTERY, JOIN), 1, ("battery", flow.battery_j), BASE);
        let lower = BASE + back;
        self.block((JOIN, AUXILIARY), self.upper, lower);
        let auxiliaries = ("auxiliaries", flow.auxiliary_j);
        self.loss((AUXILIARY, UNITS), 3, auxiliaries, lower);
        self.loss((UNITS, FRICTION), 2, ("drive units", flow.unit_j), lower);
        let end = if flow.friction_j * self.px_per_j > 0.3 {
            self.loss(
                (FRICTION, PART),
                5,
                ("friction brakes", flow.friction_j),
                lower,
            );
            PART
        } else {
            FRICTION
        };
        self.block((end, PART), self.upper, lower);
        self.road(flow);
    }

    fn wh_per_km(&self, energy_j: f64) -> String {
        let wh_per_km = energy_j / self.distance_m * J_PER_M_TO_WH_PER_KM;
        number::with_unit(wh_per_km, 1, "Wh/km")
    }

    /// A piece of the band between two heights.
    fn block(&mut self, x: (f64, f64), upper: f64, lower: f64) {
        let size = (x.1 - x.0, lower - upper);
        self.svg.rect((x.0, upper), size, r#"class="flow""#);
    }

    /// What leaves upwards at the first of two places, and the band to the second.
    fn loss(&mut self, x: (f64, f64), colour: usize, (name, energy_j): (&str, f64), lower: f64) {
        let width = energy_j * self.px_per_j;
        let (upper, inner) = (self.upper, x.0 + BEND);
        let outer = arc((x.0, upper - BEND), BEND + width, FRAC_PI_2, 0.0);
        let back = arc((x.0, upper - BEND), BEND, 0.0, FRAC_PI_2);
        let tip = [
            (inner + width, TOP),
            (inner + width / 2.0, TOP - 7.0 - width / 6.0),
            (inner, TOP),
        ];
        let mut path = PathData::default();
        path.push_ring(outer.into_iter().chain(tip).chain(back));
        self.svg.path(&path, &format!(r#"class="l{colour}""#));
        let at = (inner + width / 2.0, 30.0);
        self.svg
            .text(at, r#"class="strong" text-anchor="middle""#, name);
        let text = format!(
            "{}, {}",
            self.wh_per_km(energy_j),
            number::percent(energy_j / self.wall_j, 1)
        );
        let below = (at.0, at.1 + 15.0);
        self.svg
            .text(below, r#"class="small" text-anchor="middle""#, &text);
        self.upper += width;
        self.block(x, self.upper, lower);
    }

    /// What braking gives back, from the axles below the band to the battery's terminals.
    fn loop_back(&mut self, flow: &EnergyFlow, width: f64) {
        if width <= 0.0 {
            return;
        }
        let centre = BASE + width + BEND;
        let right = |radius| arc((PART, centre), radius, FRAC_PI_2, -FRAC_PI_2);
        let left = |radius| arc((JOIN, centre), radius, 1.5 * PI, FRAC_PI_2);
        let mut path = PathData::default();
        let outer = right(BEND + width).into_iter().chain(left(BEND + width));
        path.push_ring(outer.collect::<Vec<_>>());
        let inner = right(BEND).into_iter().chain(left(BEND));
        path.push_ring(inner.collect::<Vec<_>>());
        self.svg
            .path(&path, r#"class="flow back" fill-rule="evenodd""#);
        let at = (f64::midpoint(JOIN, PART), centre + BEND + width + 17.0);
        let text = format!("recuperated {}", self.wh_per_km(flow.recuperated_j));
        self.svg
            .text(at, r#"class="strong" text-anchor="middle""#, &text);
    }

    fn wall_label(&mut self, upper: f64) {
        let at = (WALL, upper - 22.0);
        self.svg.text(at, r#"class="strong""#, "from the wall");
        let text = self.wh_per_km(self.wall_j);
        self.svg
            .text((WALL, upper - 7.0), r#"class="small""#, &text);
    }

    /// What is done on the road: air, rolling, and what the car is faster at the end.
    fn road(&mut self, flow: &EnergyFlow) {
        let mut upper = self.upper;
        for (colour, name, energy_j) in [
            (4, "air", flow.air_j),
            (1, "rolling", flow.rolling_j),
            (5, "kinetic energy at the end", flow.kinetic_j),
        ] {
            let height = energy_j * self.px_per_j;
            if height < 0.3 {
                continue;
            }
            let mut path = PathData::default();
            let tip = (END + height / 4.0, upper + height / 2.0);
            let corners = [(PART, upper), (END, upper), tip];
            path.push_ring(
                corners
                    .into_iter()
                    .chain([(END, upper + height), (PART, upper + height)]),
            );
            self.svg.path(&path, &format!(r#"class="l{colour}""#));
            let text = format!("{name} {}", self.wh_per_km(energy_j));
            let at = (END + height / 4.0 + 8.0, upper + height / 2.0 + 4.0);
            self.svg.text(at, r#"class="strong""#, &text);
            upper += height;
        }
    }
}

/// Points of an arc about a centre between two angles, counted from the right, downwards positive.
fn arc(centre: (f64, f64), radius: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let point = |k: usize| {
        let angle = from + (to - from) * k as f64 / ARC as f64;
        (
            centre.0 + radius * angle.cos(),
            centre.1 + radius * angle.sin(),
        )
    };
    (0..=ARC).map(point).collect()
}
