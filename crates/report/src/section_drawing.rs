//! The drawing of a section: the whole cross-section, and the smallest sector enlarged with its dimensions.

use std::f64::consts::{FRAC_PI_2, PI};

use codrive_model::drawing::{CoilSide, SectionDrawing};
use codrive_model::flux_map::Patch;

use crate::number;
use crate::svg::{PathData, Svg, escape};

const CSS: &str = include_str!("section_drawing.css");
const SIZE: (f64, f64) = (1180.0, 640.0);
/// Middle and radius of the whole cross-section.
const WHOLE: ((f64, f64), f64) = ((290.0, 350.0), 262.0);
/// Left, top, width and height of the enlarged sector.
const SECTOR: (f64, f64, f64, f64) = (600.0, 88.0, 400.0, 470.0);
/// Coil sides narrower than this carry no label.
const LEAST_LABEL_PX: f64 = 15.5;
const PHASES: [&str; 3] = ["a", "b", "c"];

/// Returns a section as one standalone SVG.
#[must_use]
pub(crate) fn draw(drawing: &SectionDrawing) -> String {
    let mut svg = Svg::default();
    svg.rect((0.0, 0.0), SIZE, r#"class="paper""#);
    draw_title(&mut svg, drawing);
    draw_whole(&mut svg, drawing);
    let view = sector_view(drawing);
    draw_sector(&mut svg, drawing, &view, 0);
    outline_sector(&mut svg, drawing, &view);
    draw_dimensions(&mut svg, drawing, &view);
    draw_legend(&mut svg, drawing);
    let label = escape(&format!("Cross-section of {}", drawing.name));
    let (w, h) = SIZE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         role=\"img\" aria-label=\"{label}\"><style>{CSS}</style>{}</svg>\n",
        svg.body()
    )
}

/// Turns a point of the sector upright into a box of the picture.
struct View {
    turn_rad: f64,
    scale: f64,
    centre: (f64, f64),
}

impl View {
    fn point(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        let (sin, cos) = self.turn_rad.sin_cos();
        (
            self.centre.0 + self.scale * (cos * x - sin * y),
            self.centre.1 - self.scale * (sin * x + cos * y),
        )
    }

    fn polar(&self, radius: f64, angle: f64) -> (f64, f64) {
        self.point([radius * angle.cos(), radius * angle.sin()])
    }
}

fn half_pole_rad(drawing: &SectionDrawing) -> f64 {
    PI / (2.0 * f64::from(drawing.pole_pairs.max(1)))
}

fn half_sector_rad(drawing: &SectionDrawing) -> f64 {
    f64::from(drawing.sector_poles) * half_pole_rad(drawing)
}

/// The middle of the sector; the d axis of its first pole is +x.
fn middle_rad(drawing: &SectionDrawing) -> f64 {
    half_sector_rad(drawing) - half_pole_rad(drawing)
}

fn draw_title(svg: &mut Svg, drawing: &SectionDrawing) {
    svg.text((28.0, 36.0), r#"class="big""#, &drawing.name);
    let mut facts = vec![
        drawing.topology.clone(),
        number::plural(drawing.slots as usize, "slot"),
        number::plural(2 * drawing.pole_pairs as usize, "pole"),
        format!(
            "{}, coil pitch {}",
            number::plural(drawing.layers as usize, "coil side") + " in a slot",
            number::plural(drawing.coil_pitch_slots as usize, "slot")
        ),
        format!("steel {}", drawing.steel),
        format!("magnets {}", drawing.magnet),
    ];
    if let Some(stack) = drawing.stack_m {
        facts.push(format!("stack {}", millimetres(stack)));
    }
    svg.text((28.0, 58.0), r#"class="soft""#, &facts.join(" · "));
}

fn millimetres(length_m: f64) -> String {
    let tenths = (1e4 * length_m).round() / 10.0;
    let decimals = usize::from(tenths.fract() != 0.0);
    number::with_unit(tenths, decimals, "mm")
}

fn draw_whole(svg: &mut Svg, drawing: &SectionDrawing) {
    let (centre, radius) = WHOLE;
    let scale = 2.0 * radius / drawing.diameters_m[0].max(1e-6);
    let sectors = (2 * drawing.pole_pairs).div_ceil(drawing.sector_poles.max(1));
    let view = |sector: u32| View {
        turn_rad: FRAC_PI_2 + 2.0 * half_sector_rad(drawing) * f64::from(sector),
        scale,
        centre,
    };
    for sector in (0..sectors).rev() {
        draw_sector(svg, drawing, &view(sector), sector);
    }
    for diameter in drawing.diameters_m {
        svg.circle(centre, diameter / 2.0 * scale, r#"class="rim""#);
    }
    outline_sector(svg, drawing, &view(0));
}

/// One sector; of an odd number of poles, every second one has the opposite sign.
fn draw_sector(svg: &mut Svg, drawing: &SectionDrawing, view: &View, sector: u32) {
    let first_pole = sector * drawing.sector_poles;
    let reversed = !first_pole.is_multiple_of(2);
    for patch in drawing.patches.iter().filter(|p| p.material != "magnet") {
        let class = format!(r#"class="{}""#, escape(&patch.material));
        svg.path(&ring(view, &patch.corners_m), &class);
    }
    for side in &drawing.coil_sides {
        draw_coil_side(svg, side, view, reversed);
    }
    for patch in drawing.patches.iter().filter(|p| p.material == "magnet") {
        let south = in_second_pole(drawing, patch) != reversed;
        let class = format!(r#"class="{}""#, if south { "south" } else { "north" });
        svg.path(&ring(view, &patch.corners_m), &class);
        draw_arrow(svg, patch, view, [reversed, south]);
    }
}

/// Whether a magnet lies in the second, fourth … pole of the sector.
fn in_second_pole(drawing: &SectionDrawing, patch: &Patch) -> bool {
    let [x, y] = middle(&patch.corners_m);
    let pole = (y.atan2(x) / (2.0 * half_pole_rad(drawing))).round();
    pole.rem_euclid(2.0) > 0.5
}

fn ring(view: &View, corners_m: &[[f64; 2]]) -> PathData {
    let mut path = PathData::default();
    path.push_ring(corners_m.iter().map(|p| view.point(*p)));
    path
}

/// Centroid of an outline's area.
fn middle(corners_m: &[[f64; 2]]) -> [f64; 2] {
    let n = corners_m.len();
    let (mut area6, mut sum) = (0.0, [0.0; 2]);
    for i in 0..n {
        let (a, b) = (corners_m[i], corners_m[(i + 1) % n]);
        let cross = a[0] * b[1] - a[1] * b[0];
        area6 += 3.0 * cross;
        sum = [
            sum[0] + (a[0] + b[0]) * cross,
            sum[1] + (a[1] + b[1]) * cross,
        ];
    }
    sum.map(|s| s / area6)
}

fn draw_coil_side(svg: &mut Svg, side: &CoilSide, view: &View, reversed: bool) {
    let forward = side.forward != reversed;
    let phase = PHASES[side.phase % PHASES.len()];
    let back = if forward { "" } else { " back" };
    let class = format!(r#"class="coil {phase}{back}""#);
    svg.path(&ring(view, &side.corners_m), &class);
    let width = mean_width(&side.corners_m) * view.scale;
    if width > LEAST_LABEL_PX {
        let (x, y) = view.point(middle(&side.corners_m));
        let sign = if forward { "+" } else { "−" };
        let class = format!(r#"class="sign{back}""#);
        svg.text((x, y + 4.0), &class, &format!("{phase}{sign}"));
    }
}

/// Area of an outline over half its perimeter: somewhat less than its narrower side.
fn mean_width(corners_m: &[[f64; 2]]) -> f64 {
    let n = corners_m.len();
    let (mut area, mut perimeter) = (0.0, 0.0);
    for i in 0..n {
        let (a, b) = (corners_m[i], corners_m[(i + 1) % n]);
        area += (a[0] * b[1] - a[1] * b[0]) / 2.0;
        perimeter += (b[0] - a[0]).hypot(b[1] - a[1]);
    }
    2.0 * area.abs() / perimeter.max(1e-12)
}

/// An arrow through the middle of a magnet along its magnetisation, as long as fits.
fn draw_arrow(svg: &mut Svg, patch: &Patch, view: &View, [reversed, south]: [bool; 2]) {
    let Some(angle) = patch.magnetisation_rad else {
        return;
    };
    let (sin, cos) = angle.sin_cos();
    let extent = |direction: [f64; 2]| {
        let along = |p: &[f64; 2]| p[0] * direction[0] + p[1] * direction[1];
        let low = patch.corners_m.iter().map(along).fold(f64::MAX, f64::min);
        let high = patch.corners_m.iter().map(along).fold(f64::MIN, f64::max);
        high - low
    };
    let half = 0.36 * extent([cos, sin]) * if reversed { -1.0 } else { 1.0 };
    let head = (0.8 * half.abs()).min(0.2 * extent([-sin, cos]));
    let centre = middle(&patch.corners_m);
    let at = |along: f64, across: f64| {
        view.point([
            centre[0] + along * cos - across * sin,
            centre[1] + along * sin + across * cos,
        ])
    };
    let back = half - head * half.signum();
    let mut arrow = PathData::line([at(-half, 0.0), at(half, 0.0)]);
    arrow.push_line([at(back, 0.6 * head), at(half, 0.0), at(back, -0.6 * head)]);
    let class = if south { "on-south" } else { "on-north" };
    svg.path(&arrow, &format!(r#"class="arrow {class}""#));
}

fn outline_sector(svg: &mut Svg, drawing: &SectionDrawing, view: &View) {
    let (middle, half) = (middle_rad(drawing), half_sector_rad(drawing));
    let (first, last) = (middle - half, middle + half);
    let pieces = 48 * drawing.sector_poles.max(1);
    let [outer, bore, rotor, shaft] = drawing.diameters_m.map(|d| d / 2.0);
    let arc = |radius: f64, from: f64, to: f64| -> Vec<(f64, f64)> {
        (0..=pieces)
            .map(|i| {
                view.polar(
                    radius,
                    from + (to - from) * f64::from(i) / f64::from(pieces),
                )
            })
            .collect()
    };
    let mut border = PathData::default();
    let mut corners = arc(outer, first, last);
    corners.extend(arc(shaft, last, first));
    border.push_ring(corners);
    let mut gap = PathData::line(arc(bore, first, last));
    gap.push_line(arc(rotor, first, last));
    svg.path(&gap, r#"class="rim""#);
    svg.path(&border, r#"class="shown""#);
}

/// The sector upright, as large as its box allows.
fn sector_view(drawing: &SectionDrawing) -> View {
    let half = half_sector_rad(drawing);
    let [outer, _, _, shaft] = drawing.diameters_m.map(|d| d / 2.0);
    let low = if half <= FRAC_PI_2 { shaft } else { outer } * half.cos();
    let width = 2.0 * outer * half.min(FRAC_PI_2).sin();
    let scale = (SECTOR.2 / width).min(SECTOR.3 / (outer - low).max(1e-6));
    View {
        turn_rad: FRAC_PI_2 - middle_rad(drawing),
        scale,
        centre: (
            SECTOR.0 + SECTOR.2 / 2.0,
            SECTOR.1 + (SECTOR.3 + (outer + low) * scale) / 2.0,
        ),
    }
}

/// Diameters and the gap at the right-hand side of the enlarged sector.
fn draw_dimensions(svg: &mut Svg, drawing: &SectionDrawing, view: &View) {
    const LEFT: f64 = SECTOR.0 + SECTOR.2 + 34.0;
    const STEP: f64 = 20.0;
    let [outer, bore, rotor, shaft] = drawing.diameters_m;
    let gap_mm = 500.0 * (bore - rotor);
    let labels = [
        (outer, format!("stator Ø {}", millimetres(outer))),
        (bore, format!("bore Ø {}", millimetres(bore))),
        (
            (bore + rotor) / 2.0,
            format!("air gap {}", number::with_unit(gap_mm, 2, "mm")),
        ),
        (rotor, format!("rotor Ø {}", millimetres(rotor))),
        (shaft, format!("shaft Ø {}", millimetres(shaft))),
    ];
    let side = middle_rad(drawing) - half_sector_rad(drawing).min(FRAC_PI_2);
    let points: Vec<(f64, f64)> = labels
        .iter()
        .map(|(diameter, _)| view.polar(diameter / 2.0, side))
        .collect();
    // The three labels at the gap are spread about it; outer and shaft stay at their height.
    let mut heights: Vec<f64> = points.iter().map(|p| p.1).collect();
    heights[1] = heights[2] - STEP;
    heights[3] = heights[2] + STEP;
    heights[0] = heights[0].min(heights[1] - STEP);
    heights[4] = heights[4].max(heights[3] + STEP);
    for ((point, height), (_, text)) in points.iter().zip(heights).zip(&labels) {
        let leader = [*point, (LEFT - 22.0, height), (LEFT - 6.0, height)];
        svg.path(&PathData::line(leader), r#"class="leader""#);
        svg.text((LEFT, height + 4.5), "", text);
    }
    let outer_edge = view.polar(outer / 2.0, 0.0);
    let tip = (outer_edge.0, outer_edge.1 - 8.0);
    let foot = view.polar(shaft / 2.0, 0.0);
    svg.path(
        &PathData::line([(foot.0, foot.1 + 8.0), tip]),
        r#"class="axis""#,
    );
    svg.text((tip.0 + 6.0, tip.1), r#"class="soft""#, "d axis");
}

fn draw_legend(svg: &mut Svg, drawing: &SectionDrawing) {
    const TOP: f64 = 594.0;
    let materials = [
        ("stator-steel", "stator steel", 0.0),
        ("rotor-steel", "rotor steel", 112.0),
        ("north", "magnet, north pole", 220.0),
        ("south", "south pole", 376.0),
    ];
    let coils = [
        ("a", "a+", 0.0),
        ("a back", "a−", 50.0),
        ("b", "b+", 112.0),
        ("b back", "b−", 162.0),
        ("c", "c+", 224.0),
        ("c back", "c−", 274.0),
    ];
    let mut row = |top: f64, items: &[(&str, &str, f64)]| {
        for (class, text, x) in items {
            let at = (SECTOR.0 + x, top);
            svg.rect(
                (at.0, at.1 - 11.0),
                (13.0, 13.0),
                &format!(r#"class="{class}""#),
            );
            svg.text((at.0 + 19.0, at.1), "", text);
        }
    };
    row(TOP, &materials);
    if !drawing.coil_sides.is_empty() {
        row(TOP + 24.0, &coils);
        let note = "+ current towards the viewer, − away";
        svg.text((SECTOR.0 + 324.0, TOP + 24.0), r#"class="soft""#, note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_that_of_the_area() {
        let crowded = [
            [0.0, 0.0],
            [4.0, 0.0],
            [4.0, 2.0],
            [3.9, 2.0],
            [3.8, 2.0],
            [0.0, 2.0],
        ];
        let [x, y] = middle(&crowded);
        assert!((x - 2.0).abs() < 1e-12 && (y - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_second_pole_has_the_opposite_sign() {
        let square = |x: f64| vec![[x, -1e-3], [x + 4e-3, -1e-3], [x + 4e-3, 1e-3], [x, 1e-3]];
        let drawing = SectionDrawing {
            id: "x".into(),
            name: "A <section>".into(),
            topology: "flat bar".into(),
            steel: "steel".into(),
            magnet: "magnet".into(),
            pole_pairs: 2,
            slots: 12,
            sector_poles: 1,
            layers: 1,
            coil_pitch_slots: 3,
            diameters_m: [0.1, 0.06, 0.059, 0.02],
            stack_m: None,
            patches: vec![Patch {
                material: "magnet".into(),
                magnetisation_rad: Some(0.0),
                corners_m: square(0.02),
            }],
            coil_sides: vec![CoilSide {
                phase: 0,
                forward: true,
                corners_m: square(0.035),
            }],
        };
        let svg = draw(&drawing);
        // Four poles, the enlarged one, and the legend.
        assert_eq!(svg.matches(r#"class="north""#).count(), 2 + 1 + 1);
        assert_eq!(svg.matches(r#"class="south""#).count(), 2 + 1);
        assert_eq!(svg.matches(r#"class="coil a""#).count(), 3);
        assert_eq!(svg.matches(r#"class="coil a back""#).count(), 2);
        assert!(svg.contains("A &lt;section&gt;") && !svg.contains("NaN"));
    }
}
