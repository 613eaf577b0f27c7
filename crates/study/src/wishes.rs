//! Private wishes of the partners as constraints on the selection, and what each costs.

use codrive_family::wish::Wish as Constraint;
use codrive_model::family::{FamilyModule, FamilySolution, ModuleKind};
use codrive_model::wish::{Feature, Wish, WishPrice};

use crate::error::StudyError;
use crate::inputs::Inputs;
use crate::problem::Scene;
use crate::selection::{Selection, select};

/// The wishes of a coalition's partners, as constraints on its modules.
pub(crate) fn constraints(
    inputs: &Inputs,
    coalition: &[usize],
    modules: &[FamilyModule],
) -> Vec<Constraint> {
    let of_partner = |(local, partner): (usize, &usize)| {
        let wishes = inputs.partners[*partner].wishes.iter();
        let constraints = wishes.flat_map(|wish| constraint(inputs, local, wish, modules));
        constraints.collect::<Vec<_>>()
    };
    coalition.iter().enumerate().flat_map(of_partner).collect()
}

fn constraint(
    inputs: &Inputs,
    partner: usize,
    wish: &Wish,
    modules: &[FamilyModule],
) -> Vec<Constraint> {
    let own = wish.own.map(|kind| Constraint::Own { partner, kind });
    let without = wish.without.as_ref().map(|feature| {
        let forbidden = |(_, module): &(usize, &FamilyModule)| has(inputs, module, feature);
        let with = modules.iter().enumerate().filter(forbidden);
        Constraint::Without {
            partner,
            modules: with.map(|(index, _)| index).collect(),
        }
    });
    own.into_iter().chain(without).collect()
}

fn has(inputs: &Inputs, module: &FamilyModule, feature: &Feature) -> bool {
    match feature {
        Feature::Module(id) => module.id == *id,
        Feature::InverterTechnology(technology) => {
            module.kind == ModuleKind::Inverter
                && (inputs.inverters.iter())
                    .any(|i| i.id == module.id && i.technology() == *technology)
        }
        Feature::GearLayout(layout) => {
            module.kind == ModuleKind::GearSet
                && (inputs.gear_sets.iter()).any(|g| g.id == module.id && g.layout == *layout)
        }
    }
}

/// What each wish costs all together: the selection without it, the other wishes kept.
///
/// # Errors
/// As [`select`].
pub(crate) fn prices(
    scene: &Scene<'_>,
    together: &Selection,
) -> Result<Vec<WishPrice>, StudyError> {
    let mut prices = Vec::new();
    for (p, partner) in scene.inputs.partners.iter().enumerate() {
        for (w, wish) in partner.wishes.iter().enumerate() {
            let mut inputs = scene.inputs.clone();
            inputs.partners[p].wishes.remove(w);
            let freer = Scene {
                inputs: &inputs,
                ..*scene
            };
            let free = select(&freer, &together.partners)?;
            prices.push(price(
                (partner.id.clone(), wish.name.clone()),
                &together.solution,
                &free.solution,
            ));
        }
    }
    Ok(prices)
}

/// The family that was found with the wish serves without it too: the wish never costs less than nothing.
fn price(
    (partner, wish): (String, String),
    with: &FamilySolution,
    without: &FamilySolution,
) -> WishPrice {
    WishPrice {
        partner,
        wish,
        eur: (with.cost_eur - without.cost_eur).max(0.0),
        least_eur: (with.lower_bound_eur - without.cost_eur).max(0.0),
        most_eur: (with.cost_eur - without.lower_bound_eur).max(0.0),
    }
}
