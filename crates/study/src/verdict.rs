//! Whether the programme should happen, and whether anybody would rather leave it.

use codrive_cost::split::Game;
use codrive_model::money::Split;
use codrive_model::money_study::SplitCheck;

const ONE_PARTNER: &str = "One partner: nothing to share.";
const NOT_CHEAPER: &str =
    "Together is not cheaper than alone: on these figures the programme should not happen.";

/// Savings that differ by less are the same, EUR.
const ALIKE_EUR: f64 = 1.0;

/// The decision in words; `names` are the partners, `agreed` the split that is used.
#[must_use]
pub fn statement(game: &Game, agreed: &Split, names: &[String]) -> String {
    let (saving, alone) = (game.saving_eur(), game.saving_eur() + game.together_eur());
    if names.len() < 2 {
        return ONE_PARTNER.to_owned();
    }
    if saving <= 0.0 {
        return NOT_CHEAPER.to_owned();
    }
    let check = check(agreed, names);
    if agreed.someone_worse_off {
        return format!(
            "Together is cheaper, but {} would be worse off than alone: on these figures the programme \
             should not happen with this split.",
            check.worse_off.join(" and ")
        );
    }
    let rule = if names.len() == 2 {
        " With two partners the Shapley value, the nucleolus and an equal saving are the same."
    } else {
        ""
    };
    format!(
        "Together costs {:.1} MEUR less than alone ({:.1} %); nobody is worse off, and {}.{rule}",
        saving * 1e-6,
        100.0 * saving / alone,
        core(&check, &agreed.saves_eur)
    )
}

/// The decision as a partner is told it: no amounts.
#[must_use]
pub fn told(partners: usize, cheaper_together: bool, nobody_worse_off: bool) -> &'static str {
    match (partners, cheaper_together, nobody_worse_off) {
        (0 | 1, ..) => ONE_PARTNER,
        (_, false, _) => NOT_CHEAPER,
        (_, true, true) => "Together costs less than alone, and no partner pays more.",
        (_, true, false) => {
            "Together is not cheaper for everyone: on these figures the programme should not happen."
        }
    }
}

fn core(check: &SplitCheck, saves_eur: &[f64]) -> String {
    let (who, eur) = (check.unhappy.join(" and "), check.complaint_eur * 1e-6);
    let alike = matches!(saves_eur, [a, b] if (a - b).abs() < ALIKE_EUR);
    if check.in_core && alike {
        format!("each gains {:.1} MEUR by staying", -eur)
    } else if check.in_core {
        format!(
            "no group would pay less on its own: the least content ({who}) gains {:.1} MEUR by staying",
            -eur
        )
    } else {
        format!("{who} would pay {eur:.1} MEUR less on their own, without the others")
    }
}

/// Whether anybody would rather leave under a split.
#[must_use]
pub fn check(split: &Split, names: &[String]) -> SplitCheck {
    let name = |p: &usize| names[*p].clone();
    let unhappy = split.most_unhappy.as_ref();
    let worse_off =
        (0..names.len()).filter(|p| split.someone_worse_off && split.saves_eur[*p] < 0.0);
    SplitCheck {
        rule: split.rule.label().to_owned(),
        in_core: split.in_core,
        unhappy: unhappy
            .map(|u| u.partners.iter().map(name).collect())
            .unwrap_or_default(),
        complaint_eur: unhappy.map_or(0.0, |u| u.complaint_eur),
        worse_off: worse_off.map(|p| name(&p)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::money::{CoalitionCost, CostBreakdown};

    fn names() -> Vec<String> {
        ["north", "south", "west"].map(str::to_owned).to_vec()
    }

    /// Costs by group: bit p says that partner p is in it.
    fn game(costs: &[f64]) -> Game {
        let coalition = |group: usize| CoalitionCost {
            partners: (0..3).filter(|p| group & 1 << p != 0).collect(),
            cost: CostBreakdown {
                material_eur: costs[group] * 1e6,
                ..CostBreakdown::default()
            },
            lower_bound_eur: 0.0,
        };
        let partners = costs.len().ilog2() as usize;
        Game::new(
            partners,
            &(1..costs.len()).map(coalition).collect::<Vec<_>>(),
        )
        .unwrap()
    }

    #[test]
    fn a_programme_that_costs_more_together_should_not_happen() {
        let game = game(&[0.0, 100.0, 100.0, 210.0]);
        let text = statement(&game, &game.shapley(), &names()[..2]);
        assert!(text.contains("should not happen"), "{text}");
    }

    #[test]
    fn of_two_that_gain_alike_neither_is_the_least_content() {
        let game = game(&[0.0, 100.0, 100.0, 160.0]);
        let text = statement(&game, &game.shapley(), &names()[..2]);
        assert!(text.contains("each gains 20.0 MEUR by staying"), "{text}");
        let by_volume = game.by_volume(&[2.0, 3.0]).unwrap();
        let text = statement(&game, &by_volume, &names()[..2]);
        assert!(text.contains("the least content (south) gains"), "{text}");
    }

    #[test]
    fn a_partner_is_told_that_a_programme_without_saving_should_not_happen() {
        assert!(told(3, false, true).contains("should not happen"));
        assert!(told(3, true, false).contains("should not happen"));
        assert!(!told(3, true, true).contains("should not happen"));
        assert_eq!(told(1, false, true), "One partner: nothing to share.");
    }

    #[test]
    fn whoever_is_worse_off_than_alone_is_named() {
        // Together with west everything is dear: the Shapley value makes it pay for that.
        let game = game(&[0.0, 100.0, 100.0, 120.0, 100.0, 260.0, 260.0, 290.0]);
        let text = statement(&game, &game.shapley(), &names());
        assert!(
            text.contains("west would be worse off") && text.contains("should not happen"),
            "{text}"
        );
        assert!(!game.nucleolus().unwrap().someone_worse_off);
    }

    #[test]
    fn a_pair_that_would_rather_leave_is_named_with_its_complaint() {
        let game = game(&[0.0, 100.0, 100.0, 140.0, 100.0, 195.0, 195.0, 225.0]);
        let split = game.equal_saving();
        let check = check(&split, &names());
        assert_eq!(check.unhappy, ["north", "south"]);
        assert!((check.complaint_eur - 10e6).abs() < 1.0);
        let text = statement(&game, &split, &names());
        assert!(
            text.contains("north and south would pay 10.0 MEUR less"),
            "{text}"
        );
    }
}
