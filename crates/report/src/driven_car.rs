//! A car with its units on its own: its pictures as files, and one page that shows them.

mod acceleration;
mod energy_flow;
mod energy_map;
mod page;
mod steady;
mod trace;

use codrive_model::driven_car::DrivenCar;

use crate::picture::Picture;

/// A picture with the name of its file and its caption.
struct Figure {
    file: String,
    picture: Picture,
    caption: String,
}

/// Every picture of a car as a standalone SVG and then the page, each with its file name.
///
/// Pictures whose tables do not fit each other are left out.
pub(crate) fn files(car: &DrivenCar) -> Vec<(String, String)> {
    let figures = figures(car);
    let page = page::document(car, &figures);
    let pictures = figures
        .iter()
        .map(|figure| (figure.file.clone(), figure.picture.standalone()));
    pictures
        .chain([("vehicle.html".to_owned(), page)])
        .collect()
}

fn figures(car: &DrivenCar) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut push = |file: String, picture: Option<Picture>, caption: String| {
        figures.extend(picture.map(|picture| Figure {
            file,
            picture,
            caption,
        }));
    };
    for cycle in &car.cycles {
        let name = &cycle.cycle;
        push(
            format!("{name}-trace.svg"),
            trace::picture(cycle),
            trace::CAPTION.to_owned(),
        );
        push(
            format!("{name}-flow.svg"),
            energy_flow::picture(cycle),
            energy_flow::CAPTION.to_owned(),
        );
        for (axle, density) in car.axles.iter().zip(&cycle.densities) {
            push(
                format!("{name}-map-{}.svg", axle.axle),
                energy_map::picture(axle, density, name),
                energy_map::CAPTION.to_owned(),
            );
        }
    }
    push(
        "acceleration.svg".to_owned(),
        acceleration::picture(&car.acceleration),
        acceleration::CAPTION.to_owned(),
    );
    push(
        "range.svg".to_owned(),
        steady::picture(&car.steady),
        steady::CAPTION.to_owned(),
    );
    figures
}
