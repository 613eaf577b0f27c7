//! Sparse Cholesky factorisation of the tangent: the only place that knows the library behind it.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering,
    factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, Par, Side};

/// Lower triangle of a symmetric matrix by columns.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Order of the matrix.
    pub n: usize,
    /// Start of each column in `row`.
    pub column: Vec<usize>,
    /// Row of each entry, ascending within a column, from the diagonal down.
    pub row: Vec<usize>,
}

/// A factorisation with its own memory: symbolic once, numeric as often as wanted.
pub struct Cholesky {
    symbolic: SymbolicCholesky<usize>,
    factor: Vec<f64>,
    scratch: MemBuffer,
}

/// The matrix is not positive definite (or there was no memory for it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPositiveDefinite;

impl Cholesky {
    /// Orders the pattern (approximate minimum degree) and allocates.
    ///
    /// # Errors
    /// The symbolic factorisation failed.
    pub fn new(pattern: &Pattern) -> Result<Self, NotPositiveDefinite> {
        let matrix = SymbolicSparseColMatRef::new_checked(
            pattern.n,
            pattern.n,
            &pattern.column,
            None,
            &pattern.row,
        );
        let params = CholeskySymbolicParams {
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SUPERNODAL,
            ..Default::default()
        };
        let symbolic =
            factorize_symbolic_cholesky(matrix, Side::Lower, SymmetricOrdering::Amd, params)
                .map_err(|_| NotPositiveDefinite)?;
        let need = symbolic
            .factorize_numeric_llt_scratch::<f64>(Par::Seq, Default::default())
            .or(symbolic.solve_in_place_scratch::<f64>(1, Par::Seq));
        let factor = vec![0.0; symbolic.len_val()];
        Ok(Self {
            symbolic,
            factor,
            scratch: MemBuffer::new(need),
        })
    }

    /// Factorises the matrix with these values and solves in place.
    ///
    /// # Errors
    /// The matrix is not positive definite.
    pub fn solve(
        &mut self,
        pattern: &Pattern,
        values: &[f64],
        rhs: &mut [f64],
    ) -> Result<(), NotPositiveDefinite> {
        let symbolic = SymbolicSparseColMatRef::new_checked(
            pattern.n,
            pattern.n,
            &pattern.column,
            None,
            &pattern.row,
        );
        let matrix = SparseColMatRef::new(symbolic, values);
        let stack = MemStack::new(&mut self.scratch);
        self.symbolic
            .factorize_numeric_llt(
                &mut self.factor,
                matrix,
                Side::Lower,
                LltRegularization::default(),
                Par::Seq,
                stack,
                Default::default(),
            )
            .map_err(|_| NotPositiveDefinite)?;
        let stack = MemStack::new(&mut self.scratch);
        let n = rhs.len();
        LltRef::new(&self.symbolic, &self.factor).solve_in_place_with_conj(
            Conj::No,
            MatMut::from_column_major_slice_mut(rhs, n, 1),
            Par::Seq,
            stack,
        );
        Ok(())
    }
}
