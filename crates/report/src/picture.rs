//! A picture that stands on a page or in a file of its own.

use crate::svg::{Svg, escape, px};

const CSS: &str = include_str!("picture.css");
/// White around a picture in a file of its own, px.
const MARGIN: f64 = 18.0;

/// A picture with what is read out in its place.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    svg: Svg,
    size: (f64, f64),
    label: String,
    attributes: String,
}

impl Picture {
    /// A picture of a size, px.
    pub(crate) fn new(svg: Svg, size: (f64, f64), label: String) -> Self {
        Self {
            svg,
            size,
            label,
            attributes: String::new(),
        }
    }

    /// With attributes that the page's script reads.
    pub(crate) fn with_attributes(self, attributes: String) -> Self {
        Self { attributes, ..self }
    }

    /// For a page, which holds the style.
    pub(crate) fn inline(&self) -> String {
        self.svg
            .clone()
            .finish(self.size, &self.label, &self.attributes)
    }

    /// For a file of its own, on white, with plain colours that every program reads.
    pub(crate) fn standalone(&self) -> String {
        let (w, h) = (self.size.0 + 2.0 * MARGIN, self.size.1 + 2.0 * MARGIN);
        let (w, h, low) = (px(w), px(h), px(-MARGIN));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{low} {low} {w} {h}\" width=\"{w}\" height=\"{h}\" \
             role=\"img\" aria-label=\"{}\"><style>{CSS}</style><rect class=\"paper\" x=\"{low}\" y=\"{low}\" \
             width=\"{w}\" height=\"{h}\"/>{}</svg>\n",
            escape(&self.label),
            self.svg.body()
        )
    }
}
