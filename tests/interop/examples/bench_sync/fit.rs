//! A straight line through costs: least squares.

/// `cost = base + per_row × rows`, and how well it fits (R²).
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct Fit {
    pub(crate) base: f64,
    pub(crate) per_row: f64,
    pub(crate) r_squared: f64,
}

/// The line through points, at least two with different rows.
pub(crate) fn line(points: &[(f64, f64)]) -> Fit {
    let count = points.iter().map(|_| 1.0).sum::<f64>();
    let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        points
            .iter()
            .map(|point| term(point.0 - x, point.1 - y))
            .sum()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    let per_row = xy / xx;
    Fit {
        base: y - per_row * x,
        per_row,
        r_squared: xy * xy / (xx * yy),
    }
}
