//! A rectangle with two linear axes: grid, ticks, titles.

use crate::scale::Linear;
use crate::svg::{PathData, Svg};

/// Where a chart lies in its picture, px.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    /// Left edge of the plot.
    pub(crate) left: f64,
    /// Top edge of the plot.
    pub(crate) top: f64,
    /// Width of the plot.
    pub(crate) width: f64,
    /// Height of the plot.
    pub(crate) height: f64,
}

/// Plot area and its two scales.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chart {
    /// Where it lies.
    pub(crate) area: Area,
    /// Horizontal scale.
    pub(crate) x: Linear,
    /// Vertical scale, upwards.
    pub(crate) y: Linear,
}

/// What the axes say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axes<'a> {
    /// Title of the horizontal axis, with its unit.
    pub(crate) x_title: &'a str,
    /// Title of the vertical axis, with its unit.
    pub(crate) y_title: &'a str,
    /// Ticks aimed at along x and y.
    pub(crate) ticks: (usize, usize),
}

impl Chart {
    /// Domains onto an area.
    pub(crate) fn new(area: Area, x: (f64, f64), y: (f64, f64)) -> Self {
        Self {
            area,
            x: Linear::new(x.0, x.1, area.left, area.left + area.width),
            y: Linear::new(y.0, y.1, area.top + area.height, area.top),
        }
    }

    /// Pixel of a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.px(x), self.y.px(y))
    }

    /// Open line through points of the domain.
    pub(crate) fn line(&self, x: &[f64], y: &[f64]) -> PathData {
        PathData::line(x.iter().zip(y).map(|(x, y)| self.at(*x, *y)))
    }

    /// Region between two curves over the same x.
    pub(crate) fn band(&self, x: &[f64], low: &[f64], high: &[f64]) -> PathData {
        let up = x.iter().zip(high).map(|(x, y)| self.at(*x, *y));
        let back = x.iter().zip(low).rev().map(|(x, y)| self.at(*x, *y));
        let mut path = PathData::default();
        path.push_ring(up.chain(back));
        path
    }

    /// Grid lines, ticks with labels and axis titles.
    pub(crate) fn draw_axes(&self, svg: &mut Svg, axes: Axes<'_>) {
        self.draw_x_ticks(svg, axes.ticks.0);
        self.draw_y_grid(svg, axes.ticks.1);
        self.draw_y_labels(svg, axes.ticks.1);
        let Area {
            left,
            top,
            width,
            height,
        } = self.area;
        let below = (left + width, top + height + 31.0);
        svg.text(below, r#"class="axis" text-anchor="end""#, axes.x_title);
        svg.text((left - 34.0, top - 9.0), r#"class="axis""#, axes.y_title);
    }

    /// Grid lines over x with their values below.
    pub(crate) fn draw_x_ticks(&self, svg: &mut Svg, target: usize) {
        let Area { top, height, .. } = self.area;
        for (value, label) in self.x.ticks(target) {
            let x = self.x.px(value);
            svg.line((x, top), (x, top + height), r#"class="grid""#);
            svg.text(
                (x, top + height + 15.0),
                r#"class="tick" text-anchor="middle""#,
                &label,
            );
        }
    }

    /// Grid lines over y.
    pub(crate) fn draw_y_grid(&self, svg: &mut Svg, target: usize) {
        let Area { left, width, .. } = self.area;
        for (value, _) in self.y.ticks(target) {
            let y = self.y.px(value);
            let class = if value == 0.0 {
                r#"class="zero""#
            } else {
                r#"class="grid""#
            };
            svg.line((left, y), (left + width, y), class);
        }
    }

    /// Values of the grid lines over y, left of them.
    pub(crate) fn draw_y_labels(&self, svg: &mut Svg, target: usize) {
        for (value, label) in self.y.ticks(target) {
            let at = (self.area.left - 7.0, self.y.px(value) + 3.8);
            svg.text(at, r#"class="tick" text-anchor="end""#, &label);
        }
    }
}
