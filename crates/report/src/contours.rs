//! Filled contours of a map: areas, labels, legend.

use crate::chart::Chart;
use crate::colour::Sequence;
use crate::map_field::{MapField, simplified};
use crate::number::{THIN, rpm};
use crate::svg::{PathData, Svg};

/// What is told apart on a map; colours follow the order of the levels, so that close ones differ too.
#[derive(Clone, Debug)]
pub(crate) struct Levels {
    /// Ascending.
    pub(crate) values: Vec<f64>,
    /// Those that carry a label on the map.
    pub(crate) labelled: Vec<f64>,
    /// What the quantity cannot exceed, if anything.
    pub(crate) end: Option<f64>,
    /// Colours.
    pub(crate) colours: Sequence,
    /// A value without its unit.
    pub(crate) text: fn(f64) -> String,
    /// The quantity.
    pub(crate) quantity: &'static str,
    /// Its unit.
    pub(crate) unit: &'static str,
}

impl Levels {
    /// Colour above the level before `index`.
    fn colour(&self, index: usize) -> String {
        let t = index as f64 / self.values.len().max(1) as f64;
        self.colours.at(t).hex()
    }

    fn named(&self, value: f64) -> String {
        format!("{}{THIN}{}", (self.text)(value), self.unit)
    }

    /// What the area between a level and the next one shows.
    fn title(&self, index: usize) -> String {
        let from = self.named(self.values[index]);
        let next = self.values.get(index + 1).copied().or(self.end);
        match next {
            Some(next) => format!("{from} to {}", self.named(next)),
            None => format!("above {from}"),
        }
    }
}

/// All areas, each over those below it.
pub(crate) fn draw(svg: &mut Svg, chart: &Chart, field: &MapField<'_>, levels: &Levels) {
    let Some(first) = levels.values.first() else {
        return;
    };
    let whole = ring_path(chart, field, -1.0);
    let title = format!("below {}", levels.named(*first));
    svg.titled_path(&whole, &format!(r#"fill="{}""#, levels.colour(0)), &title);
    for (index, level) in levels.values.iter().enumerate() {
        let path = ring_path(chart, field, *level);
        let colour = levels.colour(index + 1);
        let attributes = format!(
            r##"fill="{colour}" fill-rule="evenodd" stroke="#000" stroke-opacity=".25" stroke-width=".5""##
        );
        svg.titled_path(&path, &attributes, &levels.title(index));
    }
}

fn ring_path(chart: &Chart, field: &MapField<'_>, level: f64) -> PathData {
    let mut path = PathData::default();
    for ring in field.rings(level) {
        let points: Vec<(f64, f64)> = ring.iter().map(|[n, t, _]| chart.at(*n, *t)).collect();
        path.push_ring(simplified(&points, 0.12));
    }
    path
}

/// Labels on contours, each as far as possible from those already there.
pub(crate) fn draw_labels(svg: &mut Svg, chart: &Chart, field: &MapField<'_>, levels: &Levels) {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let end = chart.x.px(rpm(field.top_speed_rad_per_s()));
    for is_motoring in [true, false] {
        for level in levels.labelled.iter().rev() {
            let inside = |load: f64| {
                let size = if is_motoring { load } else { -load };
                (0.25..0.93).contains(&size)
            };
            let best = field
                .rings(*level)
                .iter()
                .flatten()
                .filter(|[_, _, load]| inside(*load))
                .map(|[n, t, _]| chart.at(*n, *t))
                .filter(|at| at.0 > chart.area.left + 25.0 && at.0 < end - 25.0)
                .map(|at| (at, nearest(&taken, at)))
                .max_by(|a, b| a.1.min(120.0).total_cmp(&b.1.min(120.0)));
            if let Some((at, _)) = best.filter(|(_, room)| *room > 30.0) {
                taken.push(at);
                let text = (levels.text)(*level);
                let at = (at.0, at.1 + 3.5);
                svg.text(at, r#"class="isolabel" text-anchor="middle""#, &text);
            }
        }
    }
}

fn nearest(taken: &[(f64, f64)], at: (f64, f64)) -> f64 {
    let far = |p: &(f64, f64)| ((p.0 - at.0).powi(2) + (p.1 - at.1).powi(2)).sqrt();
    taken.iter().map(far).fold(1e9, f64::min)
}

/// The colours from `(left, top)` down, `step` px each.
pub(crate) fn draw_legend(svg: &mut Svg, levels: &Levels, (left, top): (f64, f64), step: f64) {
    let title = format!("{}, {}", levels.quantity, levels.unit);
    svg.text((left, top - 12.0), r#"class="axis""#, &title);
    for index in 0..=levels.values.len() {
        let y = top + (levels.values.len() - index) as f64 * step;
        let attributes = format!(r#"fill="{}""#, levels.colour(index));
        svg.rect((left, y), (16.0, step + 0.4), &attributes);
        if let Some(level) = levels.values.get(index) {
            let at = (left + 22.0, y + 4.0);
            svg.text(at, r#"class="tick""#, &(levels.text)(*level));
        }
    }
}
