//! Cost against each objective side by side, on one scale of cost.

use codrive_model::tradeoff::{Front, FrontPoint, Objective, TradedFamily, Tradeoffs};

use super::{Measure, colour, family_group, placed, range};
use crate::chart::{Area, Chart};
use crate::scale::round_step;
use crate::svg::{PathData, Svg};

const LEFT: f64 = 58.0;
const RIGHT: f64 = 8.0;
const GAP: f64 = 26.0;
/// One chart alone is no wider than this.
const WIDEST: f64 = 480.0;
const TOP: f64 = 34.0;
const HEIGHT: f64 = 230.0;

/// All fronts, every family in each.
pub(super) fn picture(tradeoffs: &Tradeoffs) -> String {
    let count = tradeoffs.fronts.len().max(1) as f64;
    let width = ((1040.0 - LEFT - RIGHT - GAP * (count - 1.0)) / count).min(WIDEST);
    let costs = costs(tradeoffs);
    let mut svg = Svg::default();
    for (index, front) in tradeoffs.fronts.iter().enumerate() {
        let area = Area {
            left: LEFT + (width + GAP) * index as f64,
            top: TOP,
            width,
            height: HEIGHT,
        };
        let values = values(tradeoffs, front.objective);
        let panel = Panel {
            tradeoffs,
            front,
            chart: Chart::new(area, values, costs),
        };
        panel.draw_frame(&mut svg, index == 0);
        panel.draw_steps(&mut svg);
        panel.draw_families(&mut svg);
    }
    let size = (1040.0, TOP + HEIGHT + 44.0);
    svg.finish(size, "Cost against each objective", "")
}

/// Domain of cost over all families and bounds, M€, with room for a word below.
fn costs(tradeoffs: &Tradeoffs) -> (f64, f64) {
    let families = tradeoffs.families.iter().map(|family| family.cost_eur);
    let points = tradeoffs.fronts.iter().flat_map(|front| &front.points);
    let bounds = points.map(|point| point.lower_bound_eur);
    let (low, high) = range(families.chain(bounds).map(|eur| Measure::COST.shown(eur)));
    let step = round_step((high - low) / 5.0);
    let room = 0.1 * (high - low);
    let below = ((low - room) / step).floor() * step;
    (below, ((high / step).floor() + 1.0) * step)
}

/// Domain of an objective over all families, in the unit shown, with room at both ends.
fn values(tradeoffs: &Tradeoffs, objective: Objective) -> (f64, f64) {
    let measure = Measure::of(objective);
    let all = tradeoffs
        .families
        .iter()
        .map(|family| family.value(objective));
    let (low, high) = range(all.map(|si| measure.shown(si)));
    let least = match objective {
        Objective::Modules => 1.2,
        _ => 0.01 * high.abs(),
    };
    let room = (0.1 * (high - low)).max(least);
    (low - room, high + room)
}

/// One front in its chart.
struct Panel<'a> {
    tradeoffs: &'a Tradeoffs,
    front: &'a Front,
    chart: Chart,
}

impl Panel<'_> {
    fn at(&self, family: &TradedFamily) -> (f64, f64) {
        let objective = self.front.objective;
        let value = Measure::of(objective).shown(family.value(objective));
        self.chart.at(value, Measure::COST.shown(family.cost_eur))
    }

    fn draw_frame(&self, svg: &mut Svg, is_first: bool) {
        let Area {
            left,
            top,
            width,
            height,
        } = self.chart.area;
        svg.path(&self.more(), r#"class="shade""#);
        self.chart.draw_x_ticks(svg, self.ticks());
        self.chart.draw_y_grid(svg, 6);
        if is_first {
            self.chart.draw_y_labels(svg, 6);
            svg.text(
                (left - 34.0, top - 9.0),
                r#"class="axis""#,
                &Measure::COST.title(),
            );
        }
        let title = Measure::of(self.front.objective).title();
        let class = format!(
            r#"class="namec {}" text-anchor="middle""#,
            colour(self.front.objective)
        );
        let below = (left + 0.5 * width, top + height + 34.0);
        svg.text(below, &class, &title);
    }

    /// Ticks aimed at; there is no half a module.
    fn ticks(&self) -> usize {
        let is_whole = |(value, _): &(f64, String)| value.fract() == 0.0;
        let is_halved = !self.chart.x.ticks(4).iter().all(is_whole);
        match self.front.objective {
            Objective::Modules if is_halved => 6,
            _ => 4,
        }
    }

    /// Corners of the front from the loosest limit to the tightest: cost rises where a family no longer fits.
    fn corners(&self) -> Vec<(f64, f64)> {
        let Area {
            left, top, width, ..
        } = self.chart.area;
        let mut corners = Vec::new();
        let mut last_x = left + width;
        for (_, family) in placed(self.tradeoffs, self.front) {
            let (x, y) = self.at(family);
            corners.extend([(last_x, y), (x, y)]);
            last_x = x;
        }
        if !corners.is_empty() {
            corners.push((last_x, top));
        }
        corners
    }

    /// What costs more, or takes more, than a family found.
    fn more(&self) -> PathData {
        let Area {
            left, top, width, ..
        } = self.chart.area;
        let mut ring = self.corners();
        if !ring.is_empty() {
            ring.push((left + width, top));
        }
        let mut path = PathData::default();
        path.push_ring(ring);
        path
    }

    fn draw_steps(&self, svg: &mut Svg) {
        svg.open(&format!(r#"class="{}""#, colour(self.front.objective)));
        svg.path(&PathData::line(self.corners()), r#"class="steps""#);
        svg.close();
    }

    /// Families of other fronts first, then those on this one; the cheapest lies on top.
    fn draw_families(&self, svg: &mut Svg) {
        let families = || self.tradeoffs.families.iter().enumerate().rev();
        let points = |index| self.front.points.iter().filter(move |p| p.family == index);
        for (index, family) in families().filter(|(index, _)| points(*index).next().is_none()) {
            self.draw_family(svg, index, family, &[]);
        }
        for (index, family) in families() {
            let points: Vec<&FrontPoint> = points(index).collect();
            if !points.is_empty() {
                self.draw_family(svg, index, family, &points);
            }
        }
    }

    fn draw_family(
        &self,
        svg: &mut Svg,
        index: usize,
        family: &TradedFamily,
        points: &[&FrontPoint],
    ) {
        let at = self.at(family);
        svg.markup(&family_group(self.tradeoffs, index, ""));
        // Chosen under several limits: what is proven under the loosest of them holds under all tighter ones.
        let bounds = points.iter().map(|point| point.lower_bound_eur);
        if let Some(highest) = bounds.reduce(f64::max) {
            self.draw_bar(svg, at, highest);
        }
        let (radius, class) = match (index, points) {
            (0, _) => (5.5, "fillc"),
            (_, []) => (2.2, "fillc"),
            _ => (4.5, "dot"),
        };
        svg.circle(at, radius, &format!(r#"class="{class}""#));
        svg.circle(at, 8.0, r#"class="reach""#);
        if index == 0 {
            let below = (at.0 + 8.0, at.1 + 14.0);
            svg.text(below, r#"class="small strong halo""#, "cheapest");
        }
        svg.close();
    }

    fn draw_bar(&self, svg: &mut Svg, (x, y): (f64, f64), lower_bound_eur: f64) {
        let foot = self.chart.y.px(Measure::COST.shown(lower_bound_eur));
        svg.line((x, y), (x, foot), r#"class="strokec" stroke-width="1.4""#);
        svg.line(
            (x - 4.0, foot),
            (x + 4.0, foot),
            r#"class="strokec" stroke-width="1.4""#,
        );
    }
}
