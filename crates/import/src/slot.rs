//! Stator slots. The parameters are those of pyleecan's drawings; a slot is centred on +x.

use std::f64::consts::FRAC_PI_2;

use codrive_model::section::{Corner, OutlineSlot, SlotShape, TrapezoidSlot};

use crate::fault::Fault;
use crate::json::Node;
use crate::outline::{Point, area, bent, length, mirror, polar, straight, without_doubles};

/// Smallest height of the opening between bore and winding, m.
const LEAST_OPENING_M: f64 = 0.01e-3;

/// Parts of a slot that are smaller are none, m.
const LEAST_PART_M: f64 = 1e-6;

/// A slot and the area of its winding space.
pub(crate) struct Slot {
    /// Its shape.
    pub shape: SlotShape,
    /// Area of the winding space, m².
    pub winding_area_m2: f64,
}

/// Reads the slot of a stator with this bore radius.
pub(crate) fn read(slot: &Node, bore_m: f64, slots: u32) -> Result<Slot, Fault> {
    if slot.get("is_bore").is_some() && !slot.flag("is_bore")? {
        return Err(slot.fault_at("is_bore", "is false", "slots that open to the bore"));
    }
    let drawn = Frame {
        slot,
        bore_m,
        pitch_rad: std::f64::consts::TAU / f64::from(slots),
    };
    let shape = match slot.class()? {
        "SlotW10" => drawn.open_with_wedge(),
        "SlotW11" => drawn.rounded_trapezoid(),
        "SlotW21" => drawn.trapezoid(),
        "SlotW22" => drawn.radial_sides(),
        "SlotW23" => drawn.trapezoid_with_round_yoke(),
        "SlotW29" => drawn.rectangle(),
        class => Err(slot.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads SlotW10, SlotW11, SlotW21, SlotW22, SlotW23, SlotW29",
        )),
    }?;
    let winding_area_m2 = match &shape {
        SlotShape::Outline(outline) => area(&outline.winding).abs(),
        SlotShape::Trapezoid(t) => trapezoid_area(t),
        SlotShape::Hairpin(h) => h.width_m * h.depth_m,
    };
    if winding_area_m2 < 1e-7 {
        return Err(slot.fault("has no room for a winding", "H2 and W2 above zero"));
    }
    Ok(Slot {
        shape,
        winding_area_m2,
    })
}

fn trapezoid_area(t: &TrapezoidSlot) -> f64 {
    let r = t.bottom_radius_m;
    (t.top_width_m + t.bottom_width_m) / 2.0 * (t.depth_m - r) + t.bottom_width_m * r
        - (2.0 - FRAC_PI_2) * r * r
}

/// A slot's parameters and the bore that it opens to.
struct Frame<'n, 'a> {
    slot: &'n Node<'a>,
    bore_m: f64,
    pitch_rad: f64,
}

impl Frame<'_, '_> {
    fn length(&self, key: &str) -> Result<f64, Fault> {
        self.slot.length(key)
    }

    /// The corner of the opening at the bore, and the width `W0`.
    fn mouth(&self) -> Result<(Point, f64), Fault> {
        let w0 = self.slot.positive_length("W0")?;
        if w0 >= self.bore_m {
            return Err(self
                .slot
                .fault_at("W0", "is wider than the bore", "a slot opening, m"));
        }
        let x = (self.bore_m * self.bore_m - w0 * w0 / 4.0).sqrt();
        Ok(([x, -w0 / 2.0], w0))
    }

    /// The height `H1`, which may be written as the angle of the slope from `W0` to `W1`.
    fn wedge_height(&self, w0: f64, w1: f64) -> Result<f64, Fault> {
        if !self.slot.flag("H1_is_rad")? {
            return self.length("H1");
        }
        if self.slot.flag("is_cstt_tooth")? {
            return Err(self.slot.fault_at(
                "H1_is_rad",
                "is true in a slot given by its tooth width, which codrive cannot read yet",
                "write H1 in m",
            ));
        }
        let angle = self.slot.need("H1")?.number(0.0, 1.56)?;
        Ok((w1 - w0).max(0.0) / 2.0 * angle.tan())
    }

    /// A trapezoid, as the template where that has all its parts.
    fn template(
        &self,
        [w0, w1, w2]: [f64; 3],
        [h0, h1, depth]: [f64; 3],
        bottom_radius_m: f64,
    ) -> Option<SlotShape> {
        (h0.min(w1).min(w2) > LEAST_PART_M && depth > bottom_radius_m).then_some(
            SlotShape::Trapezoid(TrapezoidSlot {
                opening_width_m: w0,
                opening_height_m: h0,
                wedge_height_m: h1,
                top_width_m: w1,
                bottom_width_m: w2,
                depth_m: depth,
                bottom_radius_m,
            }),
        )
    }

    /// W21: flat bottom, sides from `W1` to `W2`.
    fn trapezoid(&self) -> Result<SlotShape, Fault> {
        let (mouth, w0) = self.mouth()?;
        let [w1, w2] = [self.length("W1")?, self.length("W2")?];
        let [h0, h2] = [self.length("H0")?, self.slot.positive_length("H2")?];
        let h1 = self.wedge_height(w0, w1)?;
        if let Some(template) = self.template([w0, w1, w2], [h0, h1, h2], 0.0) {
            return Ok(template);
        }
        let neck = [mouth[0] + h0, mouth[1]];
        let shoulder = [neck[0] + h1, -w1 / 2.0];
        let bottom = [shoulder[0] + h2, -w2 / 2.0];
        self.outline(&[mouth, neck, shoulder], &[shoulder, bottom].map(straight))
    }

    /// W11: as W21 with bottom corners of radius `R1`; the tooth width `W3` may stand for `W1`, `W2`.
    fn rounded_trapezoid(&self) -> Result<SlotShape, Fault> {
        let (mouth, w0) = self.mouth()?;
        let [h0, h2] = [self.length("H0")?, self.slot.positive_length("H2")?];
        let radius = self.length("R1")?;
        let constant_tooth = self.slot.flag("is_cstt_tooth")?
            && (self.slot.get("W1").is_none() || self.slot.get("W2").is_none());
        let [w1, w2, h1] = if constant_tooth {
            let (w3, h1) = (self.slot.positive_length("W3")?, self.wedge_height(w0, w0)?);
            let top = self.bore_m + h0 + h1;
            let half_slot = self.pitch_rad / 2.0 - self.half_angle(w3, top)?;
            let bottom = mouth[0] + h0 + h1 + h2 - radius;
            let half = self.pitch_rad / 2.0;
            let w2 = 2.0 * (bottom * half.tan() - w3 / (2.0 * half.cos()));
            [2.0 * half_slot.tan() * top, w2, h1]
        } else {
            let w1 = self.length("W1")?;
            [w1, self.length("W2")?, self.wedge_height(w0, w1)?]
        };
        if 2.0 * radius > w2 * (1.0 + 1e-9) || radius >= h2 {
            let hint = "R1 at most half of W2, and below H2";
            return Err(self.slot.fault_at("R1", "does not fit the slot", hint));
        }
        if let Some(template) = self.template([w0, w1, w2], [h0, h1, h2], radius) {
            return Ok(template);
        }
        let neck = [mouth[0] + h0, mouth[1]];
        let shoulder = [neck[0] + h1, -w1 / 2.0];
        let bottom = shoulder[0] + h2;
        let chain = [
            straight(shoulder),
            straight([bottom - radius, -w2 / 2.0]),
            bent([bottom, radius - w2 / 2.0], radius),
        ];
        self.outline(&[mouth, neck, shoulder], &chain)
    }

    /// W22: radial sides; `W0` and `W2` are angles.
    fn radial_sides(&self) -> Result<SlotShape, Fault> {
        let [w0, w2] = ["W0", "W2"].map(|key| self.slot.positive_angle(key));
        let [half_opening, half_slot] = [w0? / 2.0, w2? / 2.0];
        let top = self.bore_m + self.length("H0")?;
        let bottom = top + self.slot.positive_length("H2")?;
        let neck = polar(top, -half_opening);
        let winding = vec![
            bent(polar(top, -half_slot), -top),
            straight(polar(bottom, -half_slot)),
            bent(polar(bottom, half_slot), bottom),
            straight(polar(top, half_slot)),
            bent(mirror(neck), -top),
            bent(neck, -top),
        ];
        let mouth = polar(self.bore_m, -half_opening);
        let opening = vec![
            straight(mouth),
            straight(neck),
            bent(mirror(neck), top),
            straight(mirror(mouth)),
        ];
        self.checked(opening, without_doubles(winding))
    }

    /// W23: as W21 with `H2` along the side and an arc about the machine's centre as bottom; the
    /// tooth width `W3` may stand for `W1` and `W2`.
    fn trapezoid_with_round_yoke(&self) -> Result<SlotShape, Fault> {
        let (mouth, w0) = self.mouth()?;
        let [h0, h2] = [self.length("H0")?, self.slot.positive_length("H2")?];
        let by_tooth = self.slot.flag("is_cstt_tooth")?;
        let [w1, w2, h1] = if by_tooth {
            let (w3, h1) = (self.slot.positive_length("W3")?, self.wedge_height(w0, w0)?);
            let top = self.bore_m + h0 + h1;
            let tooth = polar(top, self.half_angle(w3, top)?);
            let bottom = length([tooth[0] + h2, tooth[1]]);
            let width = |r: f64| -> Result<f64, Fault> {
                Ok(2.0 * r * (self.pitch_rad / 2.0 - self.half_angle(w3, r)?).sin())
            };
            [width(top)?, width(bottom)?, h1]
        } else {
            let w1 = self.length("W1")?;
            [w1, self.length("W2")?, self.wedge_height(w0, w1)?]
        };
        let aside = (w2 - w1) / 2.0;
        if h2 <= aside.abs() {
            let hint = "H2 runs along the side: more than half of W2 - W1";
            return Err(self
                .slot
                .fault_at("H2", "is too short for the widths", hint));
        }
        let half_opening = (w0 / (2.0 * self.bore_m)).asin();
        let neck = polar(self.bore_m + h0, -half_opening);
        let shoulder = [neck[0] + h1, -w1 / 2.0];
        let bottom = [shoulder[0] + (h2 * h2 - aside * aside).sqrt(), -w2 / 2.0];
        let mut winding = vec![
            straight(shoulder),
            straight(bottom),
            bent(mirror(bottom), length(bottom)),
            straight(mirror(shoulder)),
        ];
        if shoulder[0] - neck[0] < 1e-9 {
            // Without a wedge the opening meets the winding between two corners of its own.
            winding.extend([straight(mirror(neck)), straight(neck)]);
        }
        let half = [mouth, neck, shoulder];
        self.checked(symmetrical(&half), without_doubles(winding))
    }

    /// W10: opening `W0`, a wedge of width `W1` over `H1`, then a slot from `W0` to `W2`.
    fn open_with_wedge(&self) -> Result<SlotShape, Fault> {
        let (mouth, w0) = self.mouth()?;
        let [w1, w2] = [self.length("W1")?.max(w0), self.slot.positive_length("W2")?];
        let [h0, h2] = [self.length("H0")?, self.slot.positive_length("H2")?];
        let h1 = self.wedge_height(w0, w1)?;
        let neck = [mouth[0] + h0, mouth[1]];
        let (wedge, top) = ([neck[0] + h1, -w1 / 2.0], [neck[0] + h1, -w0 / 2.0]);
        let bottom = [top[0] + h2, -w2 / 2.0];
        self.outline(&[mouth, neck, wedge, top], &[top, bottom].map(straight))
    }

    /// W29: opening `W0`, a step of width `W1` over `H1`, then a rectangle of width `W2`.
    fn rectangle(&self) -> Result<SlotShape, Fault> {
        let (mouth, w0) = self.mouth()?;
        let [w1, w2] = [self.length("W1")?.max(w0), self.slot.positive_length("W2")?];
        let [h0, h1] = [self.length("H0")?, self.length("H1")?];
        let h2 = self.slot.positive_length("H2")?;
        let neck = mouth[0] + h0;
        let (top, bottom) = (neck + h1, neck + h1 + h2);
        let opening = [
            mouth,
            [neck, -w0 / 2.0],
            [neck, -w1 / 2.0],
            [top, -w1 / 2.0],
        ];
        let step = [top, -w1.min(w2) / 2.0];
        let winding = [step, [top, -w2 / 2.0], [bottom, -w2 / 2.0]];
        self.outline(&opening, &winding.map(straight))
    }

    /// Half the angle that a tooth of parallel sides takes at a radius, rad.
    fn half_angle(&self, tooth_m: f64, radius_m: f64) -> Result<f64, Fault> {
        let half = (tooth_m / (2.0 * radius_m)).asin();
        if half < self.pitch_rad / 2.0 {
            return Ok(half);
        }
        let pitch = format!(
            "the slot pitch there is {:.3} mm",
            1e3 * self.pitch_rad * radius_m
        );
        Err(self
            .slot
            .fault_at("W3", "leaves no slot between the teeth", pitch))
    }

    /// A symmetrical slot from its half below the axis.
    fn outline(&self, opening: &[Point], winding: &[Corner]) -> Result<SlotShape, Fault> {
        self.checked(symmetrical(opening), mirrored_on(winding))
    }

    fn checked(&self, opening: Vec<Corner>, winding: Vec<Corner>) -> Result<SlotShape, Fault> {
        let opening = without_doubles(opening);
        let x = || opening.iter().map(|c| c.at_m[0]);
        if x().fold(f64::MIN, f64::max) - x().fold(f64::MAX, f64::min) < LEAST_OPENING_M {
            return Err(self.slot.fault(
                "has no opening between bore and winding (H0 and H1 are zero)",
                "codrive needs one: give H0 a tenth of a millimetre or more",
            ));
        }
        Ok(SlotShape::Outline(OutlineSlot { opening, winding }))
    }
}

/// A chain below the axis from the bore inwards, and its mirror image back.
fn symmetrical(half: &[Point]) -> Vec<Corner> {
    let back = half.iter().rev().map(|p| mirror(*p));
    half.iter().copied().chain(back).map(straight).collect()
}

/// A closed outline from its half below the axis, from the opening to the yoke.
fn mirrored_on(half: &[Corner]) -> Vec<Corner> {
    let mut outline = half.to_vec();
    // Going back, each corner is reached by the side that left it on the way out.
    let mut radius = None;
    for corner in half.iter().rev() {
        outline.push(Corner {
            at_m: mirror(corner.at_m),
            radius_m: radius,
        });
        radius = corner.radius_m;
    }
    without_doubles(outline)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn slot(json: serde_json::Value) -> Result<Slot, Fault> {
        read(&Node::root(&json), 0.08, 48)
    }

    /// Whether given by its parameters or by its tooth, the tooth has parallel sides.
    #[test]
    fn a_constant_tooth_is_as_wide_at_the_bottom_as_at_the_top() {
        let (w3, half_pitch) = (0.005, PI / 48.0);
        let shape = slot(serde_json::json!({
            "__class__": "SlotW23", "W0": 0.002, "H0": 0.001, "H1": 0.0005, "H2": 0.02,
            "is_cstt_tooth": true, "W3": w3
        }))
        .unwrap()
        .shape;
        let SlotShape::Outline(outline) = shape else {
            panic!("an outline")
        };
        // Distance of both corners of the side from the middle of the tooth beside it.
        for corner in &outline.winding[..2] {
            let [x, y] = corner.at_m;
            let to_middle = x * half_pitch.sin() + y * half_pitch.cos();
            assert!((to_middle - w3 / 2.0).abs() < 0.01e-3, "{to_middle}");
        }
    }

    /// Areas by hand for a machine of 80 mm bore radius.
    #[test]
    fn winding_areas_are_those_of_the_drawings() {
        let w10 = serde_json::json!({"__class__": "SlotW10", "W0": 0.004, "W1": 0.005, "W2": 0.004,
            "H0": 0.001, "H1": 0.001, "H2": 0.02});
        let w29 = serde_json::json!({"__class__": "SlotW29", "W0": 0.002, "W1": 0.003, "W2": 0.0045,
            "H0": 0.001, "H1": 0.001, "H2": 0.02});
        let w11 = serde_json::json!({"__class__": "SlotW11", "W0": 0.002, "W1": 0.005, "W2": 0.008,
            "H0": 0.001, "H1": 0, "H2": 0.03, "R1": 0.004});
        let w22 = serde_json::json!({"__class__": "SlotW22", "W0": 0.02, "W2": 0.06, "H0": 0.001,
            "H2": 0.02});
        for (json, expected) in [
            (w10, 0.004 * 0.02),
            (w29, 0.0045 * 0.02),
            (w11, 0.0065 * 0.026 + PI / 2.0 * 16e-6),
            (w22, 0.03 * (0.101_f64.powi(2) - 0.081_f64.powi(2))),
        ] {
            let class = json["__class__"].clone();
            let got = slot(json).unwrap().winding_area_m2;
            assert!(
                (got - expected).abs() < 1e-9 * expected,
                "{class}: {got} {expected}"
            );
        }
    }

    #[test]
    fn a_slot_open_to_the_bore_is_refused() {
        let fault = slot(
            serde_json::json!({"__class__": "SlotW22", "W0": 0.06, "W2": 0.06,
            "H0": 0, "H2": 0.02}),
        )
        .err()
        .unwrap();
        assert!(fault.message.contains("no opening"), "{fault}");
    }
}
