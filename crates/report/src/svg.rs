//! SVG primitives: escaped text, quantised numbers, compact paths.

use std::fmt::Write as _;

/// Escapes text for HTML and SVG content and attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Tenths of a pixel; what is undefined becomes 0.
fn tenths(px: f64) -> i64 {
    if px.is_finite() {
        (px.clamp(-1e7, 1e7) * 10.0).round() as i64
    } else {
        0
    }
}

/// Tenths in the fewest characters: `12.5`, `-.3`, `4`.
fn push_tenths(out: &mut String, value: i64) {
    if value < 0 {
        out.push('-');
    }
    let (whole, rest) = (value.abs() / 10, value.abs() % 10);
    if whole != 0 || rest == 0 {
        let _ = write!(out, "{whole}");
    }
    if rest != 0 {
        let _ = write!(out, ".{rest}");
    }
}

/// A pixel value to a tenth.
pub(crate) fn px(value: f64) -> String {
    let mut out = String::new();
    push_tenths(&mut out, tenths(value));
    out
}

/// Path data in relative tenths of a pixel.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathData {
    data: String,
    at: (i64, i64),
}

impl PathData {
    /// One open line through all points.
    pub(crate) fn line(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut path = Self::default();
        path.push_line(points);
        path
    }

    /// Adds a subpath through all points; points that fall on the last one are left out.
    pub(crate) fn push_line(&mut self, points: impl IntoIterator<Item = (f64, f64)>) {
        let mut is_first = true;
        for (x, y) in points {
            let to = (tenths(x), tenths(y));
            if is_first {
                self.step(if self.data.is_empty() { 'M' } else { 'm' }, to);
                is_first = false;
            } else if to != self.at {
                self.step('l', to);
            }
        }
    }

    /// Adds a closed subpath.
    pub(crate) fn push_ring(&mut self, points: impl IntoIterator<Item = (f64, f64)>) {
        let mut points = points.into_iter().peekable();
        let Some(&(x, y)) = points.peek() else { return };
        self.push_line(points);
        self.data.push('z');
        self.at = (tenths(x), tenths(y));
    }

    fn step(&mut self, command: char, to: (i64, i64)) {
        self.data.push(command);
        push_tenths(&mut self.data, to.0 - self.at.0);
        let dy = to.1 - self.at.1;
        if dy >= 0 {
            self.data.push(' ');
        }
        push_tenths(&mut self.data, dy);
        self.at = to;
    }

    /// The data for a `d` attribute.
    pub(crate) fn data(&self) -> &str {
        &self.data
    }

    /// Whether nothing was drawn.
    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }
}

/// An SVG under construction. `attributes` are written as they are: callers escape what is not theirs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Svg {
    body: String,
}

impl Svg {
    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), attributes: &str) {
        let (x1, y1, x2, y2) = (px(from.0), px(from.1), px(to.0), px(to.1));
        let _ = write!(
            self.body,
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {attributes}/>"#
        );
    }

    /// A rectangle; a negative size is drawn as none.
    pub(crate) fn rect(&mut self, at: (f64, f64), size: (f64, f64), attributes: &str) {
        let (x, y) = (px(at.0), px(at.1));
        let (w, h) = (px(size.0.max(0.0)), px(size.1.max(0.0)));
        let _ = write!(
            self.body,
            r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" {attributes}/>"#
        );
    }

    /// A circle.
    pub(crate) fn circle(&mut self, at: (f64, f64), radius: f64, attributes: &str) {
        let (x, y, r) = (px(at.0), px(at.1), px(radius.max(0.0)));
        let _ = write!(
            self.body,
            r#"<circle cx="{x}" cy="{y}" r="{r}" {attributes}/>"#
        );
    }

    /// A path, left out when empty.
    pub(crate) fn path(&mut self, data: &PathData, attributes: &str) {
        if !data.is_empty() {
            let _ = write!(self.body, r#"<path d="{}" {attributes}/>"#, data.data());
        }
    }

    /// A path that shows `title` when pointed at, left out when empty.
    pub(crate) fn titled_path(&mut self, data: &PathData, attributes: &str, title: &str) {
        if !data.is_empty() {
            let (d, title) = (data.data(), escape(title));
            let _ = write!(
                self.body,
                r#"<path d="{d}" {attributes}><title>{title}</title></path>"#
            );
        }
    }

    /// Text.
    pub(crate) fn text(&mut self, at: (f64, f64), attributes: &str, text: &str) {
        let (x, y) = (px(at.0), px(at.1));
        let _ = write!(
            self.body,
            r#"<text x="{x}" y="{y}" {attributes}>{}</text>"#,
            escape(text)
        );
    }

    /// Text turned by `degrees` about its anchor.
    pub(crate) fn turned_text(
        &mut self,
        at: (f64, f64),
        degrees: f64,
        attributes: &str,
        text: &str,
    ) {
        let (x, y, angle) = (px(at.0), px(at.1), px(degrees));
        let text = escape(text);
        let _ = write!(
            self.body,
            r#"<text transform="translate({x} {y}) rotate({angle})" {attributes}>{text}</text>"#
        );
    }

    /// Opens a group.
    pub(crate) fn open(&mut self, attributes: &str) {
        let _ = write!(self.body, "<g {attributes}>");
    }

    /// Closes the group opened last.
    pub(crate) fn close(&mut self) {
        self.body.push_str("</g>");
    }

    /// Markup that is already safe.
    pub(crate) fn markup(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// The SVG for a page; `label` is read out in place of the picture.
    pub(crate) fn finish(self, size: (f64, f64), label: &str, attributes: &str) -> String {
        let (w, h) = (px(size.0), px(size.1));
        format!(
            r#"<svg viewBox="0 0 {w} {h}" style="--w:{w}px" role="img" aria-label="{}" {attributes}>{}</svg>"#,
            escape(label),
            self.body
        )
    }

    /// What was drawn so far.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_short() {
        let path = PathData::line([(10.0, 5.0), (10.31, 5.0), (10.32, 5.01), (9.8, 4.5)]);
        assert_eq!(path.data(), "M10 5l.3 0l-.5-.5");
    }

    #[test]
    fn a_ring_continues_from_its_first_point() {
        let mut path = PathData::default();
        path.push_ring([(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]);
        path.push_ring([(5.0, 5.0), (6.0, 5.0), (6.0, 6.0)]);
        assert_eq!(path.data(), "M1 1l1 0l0 1zm4 4l1 0l0 1z");
    }

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(
            escape(r#"<b a="1">&'"#),
            "&lt;b a=&quot;1&quot;&gt;&amp;&#39;"
        );
    }

    #[test]
    fn an_undefined_coordinate_is_never_written() {
        let mut svg = Svg::default();
        svg.line((f64::NAN, 0.0), (f64::INFINITY, 1.0), "");
        assert!(!svg.body().contains("NaN") && !svg.body().contains("inf"));
    }
}
