//! Where the losses arise over speed, at a low and at a middle load.

use codrive_model::operating_map::OperatingMap;

use crate::chart::{Area, Axes, Chart};
use crate::envelopes::in_rpm;
use crate::map_field::is_consistent;
use crate::number;
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

/// Loads shown, as fractions of the peak envelope; the nearest in the table is taken.
const LOADS: [f64; 2] = [0.1, 0.5];

/// Origins of loss with their names, from the bottom of the stack.
fn origins(map: &OperatingMap) -> [(&'static str, &[f64]); 6] {
    let split = &map.split;
    [
        ("winding", &split.copper_w),
        ("laminations", &split.iron_w),
        ("magnets", &split.magnet_w),
        ("bearings and windage", &split.mechanical_w),
        ("inverter", &split.inverter_w),
        ("gear set", &split.gear_w),
    ]
}

/// Two stacked charts with a common legend over axle speed; `None` if the tables do not fit each other.
pub(crate) fn picture(map: &OperatingMap, name: &str) -> Option<Picture> {
    if !is_consistent(map) {
        return None;
    }
    let mut svg = Svg::default();
    for (column, target) in LOADS.into_iter().enumerate() {
        let left = 48.0 + column as f64 * 440.0;
        draw(&mut svg, map, nearest_load(map, target), left);
    }
    for (index, (name, _)) in origins(map).iter().enumerate() {
        let y = 160.0 - index as f64 * 20.0;
        svg.rect(
            (912.0, y - 9.0),
            (11.0, 11.0),
            &format!(r#"class="l{index}""#),
        );
        svg.text((929.0, y), r#"class="small""#, name);
    }
    let label = format!("Losses of {name} by origin over axle speed");
    Some(Picture::new(svg, (1070.0, 256.0), label))
}

fn nearest_load(map: &OperatingMap, target: f64) -> usize {
    let far = |j: &usize| (map.load[*j] - target).abs();
    (0..map.load.len())
        .min_by(|a, b| far(a).total_cmp(&far(b)))
        .unwrap_or(0)
}

fn draw(svg: &mut Svg, map: &OperatingMap, load: usize, left: f64) {
    let n = map.load.len();
    let column = |table: &[f64]| -> Vec<f64> {
        table
            .iter()
            .skip(load)
            .step_by(n)
            .map(|w| w / 1e3)
            .collect()
    };
    let speed = in_rpm(&map.speed_rad_per_s);
    let most = column(&map.loss_w).into_iter().fold(0.0, f64::max);
    let area = Area {
        left,
        top: 46.0,
        width: 370.0,
        height: 170.0,
    };
    let ends = (speed.last().copied().unwrap_or(1.0), round_up(most, 5));
    let chart = Chart::new(area, (0.0, ends.0), (0.0, ends.1));
    let axes = Axes {
        x_title: "Axle speed, rpm",
        y_title: "kW",
        ticks: (6, 5),
    };
    chart.draw_axes(svg, axes);
    let mut low = vec![0.0; speed.len()];
    for (index, (name, table)) in origins(map).into_iter().enumerate() {
        let high: Vec<f64> = low.iter().zip(column(table)).map(|(a, b)| a + b).collect();
        let attributes = format!(r#"class="l{index}""#);
        svg.titled_path(&chart.band(&speed, &low, &high), &attributes, name);
        low = high;
    }
    let title = format!(
        "Losses at {} of the peak torque",
        number::percent(map.load[load], 0)
    );
    svg.text((left - 34.0, 16.0), r#"class="title""#, &title);
}
