//! A small drawing with dimensions: points in metres, the d axis or slot axis upwards.

use std::fmt::Write;

use codrive_field::geometry::outline::{Point, along, distance, polar, sub};

const STYLE: &str = "text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#17191c;paint-order:stroke;\
    stroke:#fff;stroke-width:4px;stroke-linejoin:round}.steel{fill:#c9ced5;stroke:#17191c;stroke-width:.8}\
    .air{fill:#fff;stroke:#17191c;stroke-width:.8}.magnet{fill:#86bdb3;stroke:#17191c;stroke-width:.8}\
    .winding{fill:#e6b566;stroke:#17191c;stroke-width:.8}.dim{stroke:#b3261e;stroke-width:1;fill:none}\
    .thin{stroke:#b3261e;stroke-width:.6;fill:none}.head{fill:#b3261e}.axis{stroke:#5a616a;stroke-width:.8;\
    stroke-dasharray:9 3 2 3}.flux{stroke:#17191c;stroke-width:1.6;fill:none}";

/// A picture under construction; lengths of dimensions and text are in pixels.
pub(crate) struct Sheet {
    size: [f64; 2],
    /// Where the machine's centre would be, px.
    centre: [f64; 2],
    /// Pixels per metre.
    scale: f64,
    body: String,
}

impl Sheet {
    /// A sheet on which radius `top` touches the upper margin.
    pub(crate) fn new(size: [f64; 2], scale: f64, top: f64, margin: f64) -> Self {
        Self {
            size,
            centre: [size[0] / 2.0, margin + top * scale],
            scale,
            body: String::new(),
        }
    }

    fn px(&self, p: Point) -> Point {
        [
            self.centre[0] - self.scale * p[1],
            self.centre[1] - self.scale * p[0],
        ]
    }

    pub(crate) fn area(&mut self, class: &str, outline: &[Point]) {
        let points: Vec<String> = outline.iter().map(|p| place(self.px(*p))).collect();
        let points = points.join(" ");
        let _ = writeln!(
            self.body,
            "<polygon class=\"{class}\" points=\"{points}\"/>"
        );
    }

    /// An arrow along a magnetisation.
    pub(crate) fn flux(&mut self, middle: Point, angle_rad: f64, length: f64) {
        let direction = polar(1.0, angle_rad);
        let (tail, tip) = (
            self.px(along(middle, direction, -length / 2.0)),
            self.px(along(middle, direction, length / 2.0)),
        );
        self.segment("flux", tail, tip);
        let back = toward(tip, tail, 9.0);
        let across = across(tail, tip);
        for side in [4.0, -4.0] {
            self.segment("flux", tip, along(back, across, side));
        }
    }

    pub(crate) fn axis(&mut self, from: f64, to: f64) {
        let (a, b) = (self.px([from, 0.0]), self.px([to, 0.0]));
        self.segment("axis", a, b);
    }

    /// A dimension between two points, its line `offset` px to the right of the way from a to b.
    pub(crate) fn between(&mut self, a: Point, b: Point, offset: f64, key: &str, text: Point) {
        let (a, b) = (self.px(a), self.px(b));
        let normal = across(a, b);
        let (from, to) = (along(a, normal, offset), along(b, normal, offset));
        for (p, q) in [(a, from), (b, to)] {
            if offset.abs() > 1.0 {
                self.segment(
                    "thin",
                    toward(p, q, 2.0),
                    along(q, normal, 4.0 * offset.signum()),
                );
            }
        }
        let length = distance(from, to);
        if length > 24.0 {
            self.segment("dim", from, to);
            self.head(to, from);
            self.head(from, to);
        } else {
            // Too short for arrows inside: they point at it from outside.
            for (tip, other) in [(from, to), (to, from)] {
                let tail = toward(tip, other, -18.0);
                self.segment("dim", tail, tip);
                self.head(tail, tip);
            }
            self.segment("dim", from, to);
        }
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        self.label([middle[0] + text[0], middle[1] + text[1]], key);
    }

    /// An angle about a point, as an arc at a radius in px.
    pub(crate) fn angle(&mut self, apex: Point, half_rad: f64, radius_px: f64, key: &str) {
        let apex_px = self.px(apex);
        let at = |angle: f64| along(apex_px, [-angle.sin(), -angle.cos()], radius_px);
        let ends = [at(half_rad), at(-half_rad)];
        let steps: Vec<String> = (0..=24)
            .map(|i| place(at(half_rad * (1.0 - f64::from(i) / 12.0))))
            .collect();
        let near = [at(half_rad * 0.9), at(-half_rad * 0.9)];
        let _ = writeln!(
            self.body,
            "<polyline class=\"dim\" points=\"{}\"/>",
            steps.join(" ")
        );
        self.head(near[0], ends[0]);
        self.head(near[1], ends[1]);
        for end in ends {
            self.segment("thin", apex_px, end);
        }
        let top = at(0.0);
        self.label([top[0], top[1] - 8.0], key);
    }

    /// An arc about the machine's centre from −half to +half, with its ends led down to `foot`.
    pub(crate) fn arc(&mut self, radius: f64, foot: f64, half_rad: f64, key: &str) {
        let points: Vec<Point> = (0..=40)
            .map(|i| self.px(polar(radius, half_rad * (1.0 - f64::from(i) / 20.0))))
            .collect();
        let line: Vec<String> = points.iter().map(|p| place(*p)).collect();
        let _ = writeln!(
            self.body,
            "<polyline class=\"dim\" points=\"{}\"/>",
            line.join(" ")
        );
        for (tail, tip, side) in [(1, 0, 1.0), (39, 40, -1.0)] {
            self.head(points[tail], points[tip]);
            let foot = self.px(polar(foot, side * half_rad));
            self.segment("thin", foot, toward(points[tip], foot, -4.0));
        }
        self.label(along(points[20], [0.0, -1.0], 12.0), key);
    }

    /// A key with a line to what it names; `text` is its place from there in px.
    pub(crate) fn leader(&mut self, to: Point, text: Point, key: &str) {
        let to = self.px(to);
        let from = [to[0] + text[0], to[1] + text[1]];
        self.segment("thin", from, to);
        self.head(from, to);
        let beside = if text[0] > 0.0 { 6.0 } else { -6.0 };
        let anchor = if text[0] > 0.0 { "start" } else { "end" };
        self.text([from[0] + beside, from[1] + 4.0], anchor, key);
    }

    pub(crate) fn label(&mut self, at: Point, key: &str) {
        self.text([at[0], at[1] + 4.0], "middle", key);
    }

    fn text(&mut self, at: Point, anchor: &str, key: &str) {
        let [x, y] = at;
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{key}</text>"
        );
    }

    fn segment(&mut self, class: &str, a: Point, b: Point) {
        let _ = writeln!(
            self.body,
            "<path class=\"{class}\" d=\"M{} L{}\"/>",
            place(a),
            place(b)
        );
    }

    /// An arrow's head at `tip`, coming from `tail`.
    fn head(&mut self, tail: Point, tip: Point) {
        let back = toward(tip, tail, 8.0);
        let across = across(tail, tip);
        let corners = [tip, along(back, across, 2.8), along(back, across, -2.8)].map(place);
        let _ = writeln!(
            self.body,
            "<polygon class=\"head\" points=\"{}\"/>",
            corners.join(" ")
        );
    }

    pub(crate) fn finish(self, title: &str) -> String {
        let [w, h] = self.size;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" role=\"img\" aria-label=\"{title}\"><style>{STYLE}</style>\n\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n{}</svg>\n",
            self.body
        )
    }
}

/// Tenths of a pixel; never `-0.0`.
fn place(p: Point) -> String {
    let [x, y] = p.map(|v| (v * 10.0).round() / 10.0 + 0.0);
    format!("{x:.1},{y:.1}")
}

fn unit(a: Point, b: Point) -> Point {
    let [x, y] = sub(b, a);
    let length = distance(a, b).max(1e-9);
    [x / length, y / length]
}

/// The unit vector to the right of the way from a to b, on the screen.
fn across(a: Point, b: Point) -> Point {
    let [x, y] = unit(a, b);
    [-y, x]
}

/// The point `length` from `p` on the way to `q`.
fn toward(p: Point, q: Point, length: f64) -> Point {
    along(p, unit(p, q), length)
}
