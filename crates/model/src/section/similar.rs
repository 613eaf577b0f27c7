//! A section of the same shape and another size.

use super::{
    BarLayer, Corner, HairpinSlot, OutlineSlot, Region, Rotor, Section, SlotShape, SpokeLayer,
    Stator, SurfaceMagnet, TrapezoidSlot, VLayer,
};

impl Section {
    /// The section with every length times a factor; counts, angles, shares and materials stay.
    ///
    /// At currents times that factor flux densities are the same everywhere. Over the stack, flux linkage goes
    /// with the factor and torque with its square; the speed that the rotor bears with its inverse.
    #[must_use]
    pub fn similar(&self, factor: f64) -> Self {
        Self {
            stator: self.stator.similar(factor),
            rotor: self.rotor.similar(factor),
            ..self.clone()
        }
    }
}

impl Stator {
    fn similar(&self, factor: f64) -> Self {
        Self {
            outer_diameter_m: factor * self.outer_diameter_m,
            bore_diameter_m: factor * self.bore_diameter_m,
            slot: match &self.slot {
                SlotShape::Trapezoid(slot) => SlotShape::Trapezoid(slot.similar(factor)),
                SlotShape::Hairpin(slot) => SlotShape::Hairpin(slot.similar(factor)),
                SlotShape::Outline(slot) => SlotShape::Outline(OutlineSlot {
                    opening: similar(&slot.opening, factor),
                    winding: similar(&slot.winding, factor),
                }),
            },
        }
    }
}

impl TrapezoidSlot {
    fn similar(&self, factor: f64) -> Self {
        Self {
            opening_width_m: factor * self.opening_width_m,
            opening_height_m: factor * self.opening_height_m,
            wedge_height_m: factor * self.wedge_height_m,
            top_width_m: factor * self.top_width_m,
            bottom_width_m: factor * self.bottom_width_m,
            depth_m: factor * self.depth_m,
            bottom_radius_m: factor * self.bottom_radius_m,
        }
    }
}

impl HairpinSlot {
    fn similar(&self, factor: f64) -> Self {
        Self {
            opening_width_m: factor * self.opening_width_m,
            opening_height_m: factor * self.opening_height_m,
            wedge_height_m: factor * self.wedge_height_m,
            width_m: factor * self.width_m,
            depth_m: factor * self.depth_m,
        }
    }
}

impl Rotor {
    fn similar(&self, factor: f64) -> Self {
        Self {
            outer_diameter_m: factor * self.outer_diameter_m,
            inner_diameter_m: factor * self.inner_diameter_m,
            v: self.v.iter().map(|one| one.similar(factor)).collect(),
            bar: self.bar.iter().map(|one| one.similar(factor)).collect(),
            spoke: self.spoke.iter().map(|one| one.similar(factor)).collect(),
            surface: self.surface.iter().map(|one| one.similar(factor)).collect(),
            region: self.region.iter().map(|one| one.similar(factor)).collect(),
        }
    }
}

impl VLayer {
    fn similar(&self, factor: f64) -> Self {
        Self {
            magnet_width_m: factor * self.magnet_width_m,
            magnet_thickness_m: factor * self.magnet_thickness_m,
            depth_m: factor * self.depth_m,
            bridge_m: factor * self.bridge_m,
            rib_m: factor * self.rib_m,
            ..self.clone()
        }
    }
}

impl BarLayer {
    fn similar(&self, factor: f64) -> Self {
        Self {
            magnet_width_m: factor * self.magnet_width_m,
            magnet_thickness_m: factor * self.magnet_thickness_m,
            depth_m: factor * self.depth_m,
            bridge_m: factor * self.bridge_m,
            ..self.clone()
        }
    }
}

impl SpokeLayer {
    fn similar(&self, factor: f64) -> Self {
        Self {
            magnet_width_m: factor * self.magnet_width_m,
            magnet_thickness_m: factor * self.magnet_thickness_m,
            depth_m: factor * self.depth_m,
            bridge_m: factor * self.bridge_m,
            inner_pocket_m: factor * self.inner_pocket_m,
        }
    }
}

impl SurfaceMagnet {
    fn similar(&self, factor: f64) -> Self {
        Self {
            magnet_thickness_m: factor * self.magnet_thickness_m,
            inset_m: factor * self.inset_m,
            ..self.clone()
        }
    }
}

impl Region {
    fn similar(&self, factor: f64) -> Self {
        Self {
            outline: similar(&self.outline, factor),
            ..self.clone()
        }
    }
}

fn similar(outline: &[Corner], factor: f64) -> Vec<Corner> {
    let corners = outline.iter().map(|corner| Corner {
        at_m: corner.at_m.map(|metres| factor * metres),
        radius_m: corner.radius_m.map(|metres| factor * metres),
    });
    corners.collect()
}
