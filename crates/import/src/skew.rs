//! Rotor skew.

use codrive_model::machine::Skew;

use crate::fault::Fault;
use crate::json::Node;
use crate::notes::Notes;

/// Packs that stand for a continuous skew.
const CONTINUOUS: u32 = 8;

/// Reads the skew of a rotor: packs at equal angles between the extreme ones.
pub(crate) fn read(rotor: &Node, slots: u32, notes: &mut Notes) -> Result<Option<Skew>, Fault> {
    let Some(skew) = rotor.get("skew") else {
        return Ok(None);
    };
    let packs = skew.list("angle_list")?;
    let angles: Result<Vec<f64>, Fault> = packs.iter().map(|a| a.number(-1.0, 1.0)).collect();
    let angles = angles?;
    let extremes = angles.iter().fold((f64::MAX, f64::MIN), |(low, high), a| {
        (low.min(*a), high.max(*a))
    });
    let stepped = skew.flag("is_step")? || skew.get("is_step").is_none();
    let angle_rad = if angles.len() > 1 {
        extremes.1 - extremes.0
    } else if skew.get("angle_overall").is_some() {
        skew.need("angle_overall")?.number(0.0, 1.0)?
    } else {
        let rate = skew.need("rate")?.number(0.0, 10.0)?;
        rate * std::f64::consts::TAU / f64::from(slots)
    };
    if angle_rad < 1e-9 {
        return Ok(None);
    }
    let steps = match (stepped, angles.len(), skew.get("Nstep")) {
        (false, ..) => CONTINUOUS,
        (true, n @ 2..=32, _) => u32::try_from(n).unwrap_or(CONTINUOUS),
        (true, _, Some(_)) => skew.count("Nstep", 2, 32)?,
        (true, ..) => {
            return Err(skew.fault("says neither Nstep nor angle_list", "the number of packs"));
        }
    };
    match skew.text("type_skew") {
        Some("linear") if stepped => {}
        Some("linear") => notes.machine(format!("continuous skew taken as {CONTINUOUS} packs")),
        kind => notes.machine(format!(
            "skew of type {} taken as linear: {steps} packs at equal steps over the same angle",
            kind.unwrap_or("unknown")
        )),
    }
    Ok(Some(Skew { angle_rad, steps }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skew(json: serde_json::Value) -> Result<(Option<Skew>, Notes), Fault> {
        let mut notes = Notes::default();
        let rotor = serde_json::json!({ "skew": json });
        Ok((read(&Node::root(&rotor), 48, &mut notes)?, notes))
    }

    #[test]
    fn the_angle_comes_from_the_packs_the_file_or_the_rate() {
        let (linear, notes) = skew(serde_json::json!({
            "type_skew": "linear", "is_step": true, "Nstep": 4, "rate": 1.0
        }))
        .unwrap();
        let linear = linear.unwrap();
        assert!((linear.angle_rad.to_degrees() - 7.5).abs() < 1e-9 && linear.steps == 4);
        assert!(notes.machine.is_empty());
        let (vee, notes) = skew(serde_json::json!({
            "type_skew": "vshape", "is_step": true, "Nstep": 3, "angle_list": [-0.05, 0.05, -0.05]
        }))
        .unwrap();
        let vee = vee.unwrap();
        assert!((vee.angle_rad - 0.1).abs() < 1e-12 && vee.steps == 3);
        assert!(notes.machine[0].contains("vshape"));
        assert!(skew(serde_json::json!({"is_step": true, "rate": 1.0})).is_err());
        assert!(skew(serde_json::Value::Null).unwrap().0.is_none());
    }
}
