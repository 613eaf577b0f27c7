//! Candidate gear sets: shipped ones by name, and ones sized for every ratio with every torque.

use codrive_catalogue::Kind;
use codrive_drive::gear_sizing::design::{Demand, Rules, coaxial_planetary, offset_two_stage};
use codrive_drive::gear_sizing::duty::private_car;
use codrive_model::gear_set::{GearLayout, GearSet};
use codrive_model::input::{InputError, Source, span_of};
use codrive_model::programme::{Candidates, SizedGearSets};

use crate::inputs::shipped;

/// The gear sets of a programme, shipped ones first.
///
/// # Errors
/// Every set that is not shipped or that no teeth make, at its place; two of the same id.
pub(crate) fn gear_sets(
    candidates: &Candidates,
    source: &Source,
) -> Result<Vec<GearSet>, Vec<InputError>> {
    let mut faults = Vec::new();
    let mut sets: Vec<GearSet> = Vec::new();
    for id in &candidates.gear_sets {
        match shipped(Kind::GearSet, id, source) {
            Ok(set) => sets.push(set),
            Err(errors) => faults.extend(errors),
        }
    }
    for (i, wanted) in candidates.sized_gear_sets.iter().enumerate() {
        for demand in demands(wanted) {
            let fault = |message: &str| {
                let place = format!("candidates.sized_gear_sets[{i}]");
                source.error(span_of(&source.text, &place), message)
            };
            if sets.iter().any(|set| set.id == demand.id) {
                faults.push(fault(&format!(
                    "gear set `{}` is asked for twice",
                    demand.id
                )));
                continue;
            }
            match sized(wanted.layout, &demand) {
                Ok(set) => sets.push(set),
                Err(message) => faults.push(fault(&message)),
            }
        }
    }
    if faults.is_empty() {
        Ok(sets)
    } else {
        Err(faults)
    }
}

/// What a gear set of a ratio and a peak torque, N·m, has to be.
#[derive(Clone, Debug)]
struct Wanted {
    id: String,
    ratio: f64,
    torque_nm: f64,
    speed_rad_per_s: f64,
}

fn demands(wanted: &SizedGearSets) -> impl Iterator<Item = Wanted> {
    let layout = match wanted.layout {
        GearLayout::OffsetTwoStage => "two-stage",
        GearLayout::CoaxialPlanetary => "planetary",
    };
    wanted.ratios.iter().flat_map(move |ratio| {
        wanted.input_torques_nm.iter().map(move |torque_nm| Wanted {
            id: format!("{layout}-{ratio:.2}-{torque_nm:.0}"),
            ratio: *ratio,
            torque_nm: *torque_nm,
            speed_rad_per_s: wanted.max_input_speed_rad_per_s,
        })
    })
}

fn sized(layout: GearLayout, wanted: &Wanted) -> Result<GearSet, String> {
    let demand = Demand {
        id: wanted.id.clone(),
        ratio: wanted.ratio,
        peak_torque_nm: wanted.torque_nm,
        max_input_speed_rad_per_s: wanted.speed_rad_per_s,
        duty: &private_car(),
    };
    let size = match layout {
        GearLayout::OffsetTwoStage => offset_two_stage,
        GearLayout::CoaxialPlanetary => coaxial_planetary,
    };
    let sized = size(&demand, &Rules::default()).map_err(|error| error.to_string())?;
    Ok(sized.set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        candidates: Candidates,
    }

    fn read(text: &str) -> (Candidates, Source) {
        let text = format!(
            "schema = 1\n[candidates]\nsections = \"none\"\nstacks = [\"90 mm\"]\nwindings = []\n\
             inverters = []\nfront_shares = []\n{text}"
        );
        let source = Source::shipped("programme.toml", &text);
        (source.parse::<File>().unwrap().candidates, source)
    }

    #[test]
    fn every_ratio_is_sized_with_every_torque() {
        let (candidates, source) = read(
            "gear_sets = [\"two-stage-9.7-260\"]\n[[candidates.sized_gear_sets]]\nlayout = \"offset-two-stage\"\n\
             ratios = { from = 8.5, to = 10.5, step = 1 }\ninput_torques = [\"260 Nm\", \"400 Nm\"]\n\
             max_input_speed = \"16000 rpm\"\n",
        );
        let sets = gear_sets(&candidates, &source).unwrap();
        assert_eq!(sets.len(), 1 + 3 * 2);
        let asked = [8.5, 9.5, 10.5]
            .into_iter()
            .flat_map(|r| [(r, 260.0), (r, 400.0)]);
        for (set, (ratio, torque_nm)) in sets[1..].iter().zip(asked) {
            assert!((set.ratio / ratio - 1.0).abs() < 0.01, "{}", set.id);
            assert_eq!(set.rated_input_torque_nm, torque_nm);
        }
        assert!(sets[2].mass_kg > sets[1].mass_kg);
    }

    #[test]
    fn what_no_teeth_make_is_shown_at_its_place() {
        let (candidates, source) = read(
            "[[candidates.sized_gear_sets]]\nlayout = \"coaxial-planetary\"\nratios = [30]\n\
             input_torques = [\"260 Nm\"]\nmax_input_speed = \"16000 rpm\"\n",
        );
        let errors = gear_sets(&candidates, &source).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().contains("4 to 20"), "{}", errors[0]);
    }
}
