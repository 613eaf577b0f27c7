//! Newton's iteration for sixteen operating points at once.
//!
//! The field minimises W(a) = Σ ∫ w(|B|) − J·A − ν B_r·B. W is convex, so the tangent is positive
//! definite and each Newton step goes down; halving the step until the energy falls makes the
//! iteration converge from any start. A lane stops when the energy that its next step could still
//! gain, rᵀK⁻¹r, is a small share of its energy; that step is still taken.

use pulp::{Arch, Simd, WithSimd};

use super::equations::Equations;
use super::factor::Factor;
use super::lanes::{F32, F64, LANES, as_doubles, as_doubles_mut, doubles};
use super::part::Part;
use super::ring::{Ring, Turn};
use super::secant::{self, Secant};
use super::tangent::{self, Kept, Tangent};
use crate::material::MagnetisationCurve;

/// Rounding of the energy, relative.
const SLACK: f64 = 1e-13;
/// Share of the gain that a step must reach (Armijo).
const LEAST_GAIN: f64 = 1e-4;
/// A step with the old factor leaves more of the error than Newton's; it is the last one only below
/// this share of the stopping rule.
const NOT_NEWTON: f64 = 0.3;
/// Reduction of the residual for which a step with the old factor is worth its time.
const WORTH: f64 = 0.7;
/// Below this residual the next step is tried with the factor that is there: it is often the last.
const CLOSE: f64 = 3e-2;

/// When an iteration ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Largest rᵀK⁻¹r over the energy before the last step.
    pub decrement: f64,
    /// Most Newton steps.
    pub iterations: usize,
    /// Most halvings of a step.
    pub halvings: usize,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            decrement: 3e-6,
            iterations: 60,
            halvings: 14,
        }
    }
}

/// How the iteration of one point went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// Newton steps (factorisations).
    pub iterations: usize,
    /// √(rᵀK⁻¹r / |W|) before the last step; the error after it is of the order of its square.
    pub residual: f64,
    /// Whether it converged.
    pub converged: bool,
}

/// Currents of one operating point, unit winding.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Currents {
    /// Direct-axis current, A peak.
    pub i_d_a: f64,
    /// Quadrature-axis current, A peak.
    pub i_q_a: f64,
    /// Current of a field winding, A.
    pub i_f_a: f64,
}

/// Potential of a batch: rotor and stator in their own numbering, the ring in both.
#[derive(Clone, Debug)]
pub struct Potential {
    /// Rotor, Vs/m, with a zero for fixed nodes at the end.
    pub rotor: Vec<F64>,
    /// Stator, likewise.
    pub stator: Vec<F64>,
}

impl Potential {
    /// Zero everywhere.
    #[must_use]
    pub fn zero<const N: usize, const Q: usize>(equations: &Equations<N, Q>) -> Self {
        let zero = |part: &Part<N, Q>| vec![F64::ZERO; part.unknowns + 1];
        Self {
            rotor: zero(&equations.rotor),
            stator: zero(&equations.stator),
        }
    }

    /// Potential of all nodes of the pole in one lane, the rotor's first; Vs/m.
    #[must_use]
    pub fn nodes<const N: usize, const Q: usize>(
        &self,
        equations: &Equations<N, Q>,
        lane: usize,
    ) -> Vec<f64> {
        let parts = [
            (&equations.rotor.unknown_of, &self.rotor),
            (&equations.stator.unknown_of, &self.stator),
        ];
        let of = |(unknown_of, x): (&Vec<(u32, f64)>, &Vec<F64>)| -> Vec<f64> {
            let value = |(u, sign): &(u32, f64)| sign * x[*u as usize].0[lane];
            unknown_of.iter().map(value).collect()
        };
        parts.into_iter().flat_map(of).collect()
    }

    /// Takes the values of another potential of the same equations.
    pub fn copy_from(&mut self, other: &Self) {
        self.rotor.copy_from_slice(&other.rotor);
        self.stator.copy_from_slice(&other.stator);
    }
}

/// Memory of one part.
struct PartMemory {
    source: Vec<F64>,
    gradient: Vec<F64>,
    kept: Kept,
    /// Tangents of the cells of one front.
    cells: Vec<F32>,
    /// Right-hand side, then the step.
    step: Vec<F32>,
    secant: Secant,
    factor: Factor,
}

impl PartMemory {
    fn new<const N: usize, const Q: usize>(part: &Part<N, Q>) -> Self {
        let n = part.unknowns + 1;
        Self {
            source: vec![F64::ZERO; n],
            gradient: vec![F64::ZERO; n],
            kept: Kept::new(part),
            cells: vec![F32::ZERO; Tangent::room(part)],
            step: vec![F32::ZERO; n],
            secant: Secant::new(n),
            factor: Factor::new(&part.fronts),
        }
    }

    /// Energy, gradient and tangent at `x`, sources included.
    #[inline(always)]
    fn assemble<S: Simd, const N: usize, const Q: usize>(
        &mut self,
        simd: S,
        part: &Part<N, Q>,
        curve: &MagnetisationCurve,
        x: &[F64],
    ) -> F64 {
        let Self {
            gradient,
            kept,
            source,
            ..
        } = self;
        let mut energy = tangent::assemble(simd, part, curve, x, gradient, kept);
        let w = doubles::<S>();
        let sum = as_doubles_mut::<S>(std::slice::from_mut(&mut energy));
        let (source, x) = (as_doubles::<S>(source), as_doubles::<S>(x));
        let gradient = as_doubles_mut::<S>(gradient);
        for (at, (g, (f, x))) in gradient.iter_mut().zip(source.iter().zip(x)).enumerate() {
            *g = simd.sub_f64s(*g, *f);
            let work = simd.mul_f64s(*f, *x);
            sum[at % w] = simd.sub_f64s(sum[at % w], work);
        }
        energy
    }

    /// Minus the gradient, in single precision.
    #[inline(always)]
    fn right_hand_side(&mut self) {
        for (r, g) in self.step.iter_mut().zip(&self.gradient) {
            *r = g.map(|g| -g).single();
        }
        self.secant.start(&self.step);
    }

    /// Eliminates the interior; the right-hand side is minus the gradient.
    #[inline(always)]
    fn eliminate<S: Simd, const N: usize, const Q: usize>(&mut self, simd: S, part: &Part<N, Q>) {
        self.right_hand_side();
        let mut tangent = Tangent {
            part,
            kept: &self.kept,
            cells: &mut self.cells,
        };
        self.factor
            .eliminate(simd, &part.fronts, &mut tangent, &self.step);
    }
}

/// Sixteen operating points at one rotor position, with the memory to solve them.
pub struct Batch<'e, 'm, const N: usize, const Q: usize> {
    equations: &'e Equations<'m, N, Q>,
    arch: Arch,
    stop: Stop,
    steps: usize,
    turn: Turn,
    /// Share of the last direction that each lane has taken.
    taken: F64,
    /// The solution, and the start of the next one.
    pub potential: Potential,
    rotor: PartMemory,
    stator: PartMemory,
    ring: Ring,
    /// Residuals before each step of the last points.
    history: Vec<[f64; LANES]>,
}

impl<'e, 'm, const N: usize, const Q: usize> Batch<'e, 'm, N, Q> {
    /// A batch at rotor angle zero.
    #[must_use]
    pub fn new(equations: &'e Equations<'m, N, Q>, stop: Stop) -> Self {
        Self {
            equations,
            arch: Arch::new(),
            stop,
            steps: 0,
            turn: equations.turn(0),
            taken: F64::ZERO,
            potential: Potential::zero(equations),
            rotor: PartMemory::new(&equations.rotor),
            stator: PartMemory::new(&equations.stator),
            ring: Ring::new(equations.rotor.fronts.ring),
            history: Vec::new(),
        }
    }

    /// Uses given vector instructions instead of the best ones of this machine.
    pub fn with_arch(mut self, arch: Arch) -> Self {
        self.arch = arch;
        self
    }

    /// The vector instructions in use.
    #[must_use]
    pub fn path(&self) -> &'static str {
        struct Name;
        impl WithSimd for Name {
            type Output = &'static str;

            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) -> Self::Output {
                match S::F32_LANES {
                    16 => "AVX-512, 16 lanes of f32",
                    8 => "AVX2 and FMA, 8 lanes of f32",
                    4 => "NEON or SIMD-128, 4 lanes of f32",
                    _ => "no vector instructions",
                }
            }
        }
        self.arch.dispatch(Name)
    }

    /// Turns the rotor to a number of ring steps.
    pub fn turn(&mut self, steps: usize) {
        self.steps = steps;
        self.turn = self.equations.turn(steps);
    }

    /// The equations.
    #[must_use]
    pub fn equations(&self) -> &'e Equations<'m, N, Q> {
        self.equations
    }

    /// Electrical rotor angle, rad.
    #[must_use]
    pub fn angle_el(&self) -> f64 {
        self.equations.angle_el(self.steps)
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let part = |m: &PartMemory| {
            m.factor.bytes()
                + size_of::<F64>() * 4 * m.source.len()
                + m.kept.bytes()
                + m.secant.bytes()
                + size_of::<F32>() * (m.cells.len() + m.step.len())
        };
        part(&self.rotor) + part(&self.stator) + self.ring.bytes()
    }

    /// Solves up to sixteen points, starting from `potential`.
    ///
    /// # Panics
    /// With no point or more than sixteen.
    pub fn solve(&mut self, points: &[Currents]) -> Vec<Effort> {
        assert!(
            (1..=LANES).contains(&points.len()),
            "a batch has 1 to {LANES} points"
        );
        self.set_sources(points);
        self.join_ring();
        self.history.clear();
        newton(self, points.len())[..points.len()].to_vec()
    }

    /// Solves the same points once more, from A = 0; what they went through before stays in
    /// [`Batch::residuals`].
    pub fn solve_cold(&mut self, points: usize) -> Vec<Effort> {
        self.potential = Potential::zero(self.equations);
        newton(self, points.min(LANES))[..points.min(LANES)].to_vec()
    }

    /// √(rᵀK⁻¹r / |W|) before each step of a lane of the last points, with the old factor or a new one.
    #[must_use]
    pub fn residuals(&self, lane: usize) -> Vec<f64> {
        self.history.iter().map(|step| step[lane]).collect()
    }

    /// Gives the stator's ring the values of the rotor's: a start value may come from elsewhere.
    fn join_ring(&mut self) {
        let (n, m) = (
            self.equations.rotor.fronts.interior,
            self.equations.rotor.fronts.ring,
        );
        let first = self.equations.stator.fronts.interior;
        for j in 0..m {
            let (node, sign) = self.turn.onto(j);
            self.potential.stator[first + j] =
                self.potential.rotor[n + node].map(|v| f64::from(sign) * v);
        }
    }

    fn set_sources(&mut self, points: &[Currents]) {
        let (equations, angle) = (self.equations, self.angle_el());
        let at: [Currents; LANES] = std::array::from_fn(|l| points[l.min(points.len() - 1)]);
        for (memory, permanent) in [&mut self.rotor, &mut self.stator]
            .into_iter()
            .zip(&equations.permanent)
        {
            for (to, from) in memory.source.iter_mut().zip(permanent) {
                *to = F64::splat(*from);
            }
        }
        for (j, share) in &equations.field {
            let current = F64(at.map(|c| c.i_f_a));
            self.rotor.source[*j as usize].add_multiple(*share, &current);
        }
        let axes = equations.model.winding.axis_rad;
        for (phase, axis) in equations.phases.iter().zip(axes) {
            let (sin, cos) = (angle - axis).sin_cos();
            let current = F64(at.map(|c| c.i_d_a * cos - c.i_q_a * sin));
            for (j, share) in phase {
                self.stator.source[*j as usize].add_multiple(*share, &current);
            }
        }
    }

    /// Work of the sources f·a of each lane, J/m of the meshed sector.
    #[must_use]
    pub fn work(&self) -> F64 {
        let mut work = F64::ZERO;
        for (f, x) in [
            (&self.rotor.source, &self.potential.rotor),
            (&self.stator.source, &self.potential.stator),
        ] {
            f.iter().zip(x).for_each(|(f, x)| work.add_product(f, x));
        }
        work
    }

    /// Potential of all nodes of the pole in one lane, the rotor's first; Vs/m.
    #[must_use]
    pub fn nodes(&self, lane: usize) -> Vec<f64> {
        self.potential.nodes(self.equations, lane)
    }
}

/// Adds sums of parts, lane by lane.
#[inline(always)]
fn add<const K: usize>(sums: &mut [F32; K], parts: [F32; K]) {
    for (sum, part) in sums.iter_mut().zip(parts) {
        for (sum, part) in sum.0.iter_mut().zip(part.0) {
            *sum += part;
        }
    }
}

/// Lanes that are set.
#[inline(always)]
fn lanes_in(set: [bool; LANES]) -> impl Iterator<Item = usize> {
    (0..LANES).filter(move |l| set[*l])
}

fn newton<const N: usize, const Q: usize>(
    batch: &mut Batch<N, Q>,
    lanes: usize,
) -> [Effort; LANES] {
    let stop = batch.stop;
    let mut efforts = [Effort::default(); LANES];
    let mut active: [bool; LANES] = std::array::from_fn(|l| l < lanes);
    let mut energy = batch.assemble();
    let mut again = false;
    for _ in 0..2 * stop.iterations {
        let before = efforts.map(|e| e.residual);
        let gain = if again {
            batch.direction_again()
        } else {
            for l in lanes_in(active) {
                efforts[l].iterations += 1;
            }
            batch.direction()
        };
        let enough = if again {
            NOT_NEWTON * stop.decrement
        } else {
            stop.decrement
        };
        let mut length = converged(enough, &gain, &energy, &mut active, &mut efforts);
        batch.history.push(efforts.map(|effort| effort.residual));
        if again && lanes_in(active).any(|l| efforts[l].residual > WORTH * before[l]) {
            // The old factor has done what it can: a new one, at the same place.
            batch.step(&length);
            again = false;
            continue;
        }
        if !active.iter().any(|a| *a) {
            batch.step(&length);
            break;
        }
        for l in lanes_in(active) {
            length.0[l] = 1.0;
        }
        energy = line_search(batch, &gain, &energy, length, &mut active);
        if lanes_in(active).any(|l| efforts[l].iterations >= stop.iterations)
            || !active.iter().any(|a| *a)
        {
            break;
        }
        again = lanes_in(active).all(|l| efforts[l].residual < CLOSE);
    }
    efforts
}

/// Marks the lanes whose step is their last; returns 1 for them, 0 for the others.
fn converged(
    enough: f64,
    gain: &F32,
    energy: &F64,
    active: &mut [bool; LANES],
    efforts: &mut [Effort; LANES],
) -> F64 {
    let mut last = F64::ZERO;
    for l in lanes_in(*active) {
        let gain = f64::from(gain.0[l]);
        let share = gain / energy.0[l].abs().max(f64::MIN_POSITIVE);
        let effort = &mut efforts[l];
        effort.residual = if gain > 0.0 { share.sqrt() } else { 0.0 };
        effort.converged = share <= enough || gain == 0.0;
        if effort.converged {
            active[l] = false;
            last.0[l] = 1.0;
        }
    }
    last
}

/// Takes the longest of the steps 1, ½, ¼ … that lowers each active lane's energy (Armijo) and
/// assembles there; lanes that have just converged take theirs whatever their energy says, since it
/// is within rounding. A lane without such a step stays where it is and is no longer active.
fn line_search<const N: usize, const Q: usize>(
    batch: &mut Batch<N, Q>,
    gain: &F32,
    energy: &F64,
    mut length: F64,
    active: &mut [bool; LANES],
) -> F64 {
    let stop = batch.stop;
    let mut open = *active;
    let mut taken = F64::ZERO;
    for halving in 0..=stop.halvings + 1 {
        let change = F64(std::array::from_fn(|l| length.0[l] - taken.0[l]));
        batch.step(&change);
        taken = length;
        let reached = batch.assemble();
        for l in lanes_in(open) {
            let least = LEAST_GAIN * length.0[l] * f64::from(gain.0[l]);
            let slack = SLACK * energy.0[l].abs();
            // An energy that is not a number is not lower.
            let lower = reached.0[l] <= energy.0[l] - least + slack;
            open[l] = !lower;
        }
        batch.taken = taken;
        if !open.iter().any(|o| *o) {
            return reached;
        }
        for l in lanes_in(open) {
            if halving < stop.halvings {
                length.0[l] *= 0.5;
            } else {
                active[l] = false;
                length.0[l] = 0.0;
            }
        }
    }
    *energy
}

impl<const N: usize, const Q: usize> Batch<'_, '_, N, Q> {
    /// Energy, gradient and tangent at the potential.
    fn assemble(&mut self) -> F64 {
        let equations = self.equations;
        let mut energy = F64::ZERO;
        for (memory, part, x) in [
            (&mut self.rotor, &equations.rotor, &self.potential.rotor),
            (&mut self.stator, &equations.stator, &self.potential.stator),
        ] {
            let part = self.arch.dispatch(Assemble {
                memory,
                part,
                curve: &equations.model.curve,
                x,
            });
            for (e, p) in energy.0.iter_mut().zip(part.0) {
                *e += p;
            }
        }
        energy
    }

    /// Newton's direction from the assembled tangent; returns rᵀK⁻¹r.
    fn direction(&mut self) -> F32 {
        let (rotor, stator) = (&self.equations.rotor, &self.equations.stator);
        for (memory, part) in [(&mut self.rotor, rotor), (&mut self.stator, stator)] {
            self.arch.dispatch(Eliminate { memory, part });
        }
        let (n, m) = (rotor.fronts.interior, rotor.fronts.ring);
        let gain = self.arch.dispatch(SolveRing {
            ring: &mut self.ring,
            turn: &self.turn,
            rotor: self.rotor.factor.ring(&rotor.fronts),
            stator: self.stator.factor.ring(&stator.fronts),
            x: &mut self.rotor.step[n..n + m],
        });
        self.substitute_back();
        gain
    }

    /// The direction at the assembled gradient with the factor of the last tangent, corrected by what the last
    /// step has shown of the tangent since ([`Secant`]); returns rᵀH'r.
    ///
    /// It costs a fraction of a factorisation and is nearly Newton's where little has changed.
    fn direction_again(&mut self) -> F32 {
        let (rotor, stator) = (&self.equations.rotor, &self.equations.stator);
        let mut of_step = [F32::ZERO; 2];
        for memory in [&mut self.rotor, &mut self.stator] {
            let taken = &self.taken;
            add(&mut of_step, self.arch.dispatch(Look { memory, taken }));
        }
        let share = secant::share(&of_step);
        let mut gain = [secant::gain(&of_step, &share)];
        for (memory, part) in [(&mut self.rotor, rotor), (&mut self.stator, stator)] {
            let share = &share;
            let of_part = self.arch.dispatch(SubstituteForward {
                memory,
                part,
                share,
            });
            add(&mut gain, [of_part]);
        }
        let (n, m) = (rotor.fronts.interior, rotor.fronts.ring);
        let first = stator.fronts.interior;
        let of_ring = self.arch.dispatch(SolveRingAgain {
            ring: &mut self.ring,
            turn: &self.turn,
            stator: &self.stator.step[first..first + m],
            rotor: &mut self.rotor.step[n..n + m],
        });
        add(&mut gain, [of_ring]);
        self.substitute_back();
        let mut along = [F32::ZERO];
        for memory in [&self.rotor, &self.stator] {
            add(&mut along, [self.arch.dispatch(ChangeAlong { memory })]);
        }
        let length = secant::length(&of_step, &share, &along[0]);
        for memory in [&mut self.rotor, &mut self.stator] {
            let length = &length;
            self.arch.dispatch(Correct { memory, length });
        }
        gain[0]
    }

    /// The ring's step given to the stator, then both interiors.
    fn substitute_back(&mut self) {
        let (rotor, stator) = (&self.equations.rotor, &self.equations.stator);
        let (n, m) = (rotor.fronts.interior, rotor.fronts.ring);
        let first = stator.fronts.interior;
        for j in 0..m {
            let (node, sign) = self.turn.onto(j);
            let value = self.rotor.step[n + node];
            self.stator.step[first + j] = F32(value.0.map(|v| sign * v));
        }
        self.rotor.step[n + m] = F32::ZERO;
        self.stator.step[first + m] = F32::ZERO;
        for (memory, part) in [(&mut self.rotor, rotor), (&mut self.stator, stator)] {
            self.arch.dispatch(SubstituteBack { memory, part });
        }
    }

    /// Potential += length · step.
    fn step(&mut self, length: &F64) {
        for (x, step) in [
            (&mut self.potential.rotor, &self.rotor.step),
            (&mut self.potential.stator, &self.stator.step),
        ] {
            self.arch.dispatch(Advance { x, step, length });
        }
    }
}

struct Assemble<'a, const N: usize, const Q: usize> {
    memory: &'a mut PartMemory,
    part: &'a Part<N, Q>,
    curve: &'a MagnetisationCurve,
    x: &'a [F64],
}

impl<const N: usize, const Q: usize> WithSimd for Assemble<'_, N, Q> {
    type Output = F64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> F64 {
        self.memory.assemble(simd, self.part, self.curve, self.x)
    }
}

struct Eliminate<'a, const N: usize, const Q: usize> {
    memory: &'a mut PartMemory,
    part: &'a Part<N, Q>,
}

impl<const N: usize, const Q: usize> WithSimd for Eliminate<'_, N, Q> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.memory.eliminate(simd, self.part);
    }
}

struct SubstituteBack<'a, const N: usize, const Q: usize> {
    memory: &'a mut PartMemory,
    part: &'a Part<N, Q>,
}

impl<const N: usize, const Q: usize> WithSimd for SubstituteBack<'_, N, Q> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let PartMemory { factor, step, .. } = self.memory;
        factor.substitute_back(simd, &self.part.fronts, step);
    }
}

struct SolveRing<'a> {
    ring: &'a mut Ring,
    turn: &'a Turn,
    rotor: &'a [F32],
    stator: &'a [F32],
    x: &'a mut [F32],
}

impl WithSimd for SolveRing<'_> {
    type Output = F32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> F32 {
        self.ring
            .solve(simd, self.turn, self.rotor, self.stator, self.x)
    }
}

struct Advance<'a> {
    x: &'a mut [F64],
    step: &'a [F32],
    length: &'a F64,
}

impl WithSimd for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (x, step) in self.x.iter_mut().zip(self.step) {
            let step = step.0.map(f64::from);
            x.0 = std::array::from_fn(|l| x.0[l] + self.length.0[l] * step[l]);
        }
    }
}

struct Look<'a> {
    memory: &'a mut PartMemory,
    taken: &'a F64,
}

impl WithSimd for Look<'_> {
    type Output = [F32; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [F32; 2] {
        let PartMemory {
            gradient,
            secant,
            step,
            ..
        } = self.memory;
        secant.look(gradient, step, self.taken)
    }
}

struct SubstituteForward<'a, const N: usize, const Q: usize> {
    memory: &'a mut PartMemory,
    part: &'a Part<N, Q>,
    share: &'a F32,
}

impl<const N: usize, const Q: usize> WithSimd for SubstituteForward<'_, N, Q> {
    type Output = F32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> F32 {
        let PartMemory {
            factor,
            secant,
            step,
            ..
        } = self.memory;
        secant.right_hand_side(self.share, step);
        factor.substitute_forward(simd, &self.part.fronts, step)
    }
}

struct ChangeAlong<'a> {
    memory: &'a PartMemory,
}

impl WithSimd for ChangeAlong<'_> {
    type Output = F32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> F32 {
        self.memory.secant.along(&self.memory.step)
    }
}

struct Correct<'a> {
    memory: &'a mut PartMemory,
    length: &'a F32,
}

impl WithSimd for Correct<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let PartMemory { secant, step, .. } = self.memory;
        secant.correct(self.length, step);
    }
}

struct SolveRingAgain<'a> {
    ring: &'a mut Ring,
    turn: &'a Turn,
    stator: &'a [F32],
    rotor: &'a mut [F32],
}

impl WithSimd for SolveRingAgain<'_> {
    type Output = F32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> F32 {
        self.ring
            .solve_again(simd, self.turn, self.stator, self.rotor)
    }
}

#[cfg(test)]
mod tests;
