//! Losses by origin: they are those of the map, and what switching adds is a share of the build factor.

use super::{fs800, machine, map_at, tables};
use crate::{Conditions, loss_points};

#[test]
fn losses_by_origin_sum_to_the_map_at_every_point() {
    for dc_v in [300.0, 360.0, 420.0] {
        let map = map_at(dc_v).map;
        let tables = tables();
        let conditions = Conditions::default();
        let points = loss_points(&machine(&tables), &fs800(), dc_v, &conditions).unwrap();
        assert_eq!(points.len(), map.loss_w.len());
        let loads = map.load.len();
        for (i, point) in points.iter().enumerate() {
            let inverter = &point.inverter;
            let switch = inverter.transistor_conduction_w
                + inverter.transistor_switching_w
                + inverter.diode_conduction_w
                + inverter.diode_switching_w;
            let standby_w = fs800().standby_power_w;
            let sum = point.machine.total_w() + 6.0 * switch + inverter.dc_link_w + standby_w;
            assert!((sum / map.loss_w[i] - 1.0).abs() < 1e-9, "{point:?}");
            let torque = map.torque_nm(i / loads, i % loads);
            assert!((point.torque_nm - torque).abs() < 1e-9, "{point:?}");
        }
    }
}

/// The voltage of a bridge is set by the DC link: from it switching takes its loss, at any torque.
#[test]
fn what_switching_adds_grows_with_the_voltage_of_the_dc_link() {
    let tables = tables();
    let conditions = Conditions::default();
    let at = |dc_v: f64| {
        let points = loss_points(&machine(&tables), &fs800(), dc_v, &conditions).unwrap();
        let ripple = points.iter().map(|point| point.switching_ripple_w);
        ripple.fold(0.0, f64::max)
    };
    let [low, high] = [300.0, 420.0].map(at);
    assert!(low > 0.0 && high > 1.2 * low, "{low} {high}");
}
