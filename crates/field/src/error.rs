//! What can go wrong between a section and its map.

use codrive_model::section::SectionFault;

/// Why a section has no field result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The section cannot be drawn or built; the fault names the key.
    #[error(transparent)]
    Section(#[from] SectionFault),
    /// The magnetisation curve cannot be used.
    #[error("steel `{steel}`: {reason}")]
    Steel {
        /// Grade.
        steel: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The mesh generator did not produce a usable mesh.
    #[error("`{section}` cannot be meshed: {reason}")]
    Mesh {
        /// Id of the section.
        section: String,
        /// What happened.
        reason: String,
    },
    /// What is asked of the solver makes no sense.
    #[error("the plan of the map is not possible: {reason}")]
    Plan {
        /// What is wrong with it.
        reason: String,
    },
    /// A map does not hold what skewing it takes.
    #[error("the map cannot be skewed: {reason}")]
    Skew {
        /// What is missing, and what to try.
        reason: String,
    },
    /// The stress in the rotor cannot be found.
    #[error("the rotor's strength cannot be found: {reason}")]
    Strength {
        /// What is wrong with the lamination.
        reason: String,
    },
    /// A rotor was asked to turn faster than its lamination bears.
    #[error(
        "{speed_rpm:.0} rpm is beyond the rotor's strength: must be at most {limit_rpm:.0} rpm, \
         where 1.2 times that speed stresses `{steel}` to its yield strength over 1.1"
    )]
    BeyondStrength {
        /// Speed asked for, rpm.
        speed_rpm: f64,
        /// Highest speed, rpm.
        limit_rpm: f64,
        /// Grade of the lamination.
        steel: String,
    },
    /// The tangent of the Newton iteration was not positive definite.
    #[error("the field equations of `{section}` could not be factorised")]
    Factorisation {
        /// Id of the section.
        section: String,
    },
    /// Newton's iteration did not converge at a single point that was asked for.
    #[error("no convergence at i_d = {i_d_a} A, i_q = {i_q_a} A after {iterations} iterations")]
    NotConverged {
        /// Direct-axis current, A.
        i_d_a: f64,
        /// Quadrature-axis current, A.
        i_q_a: f64,
        /// Iterations done.
        iterations: usize,
    },
}
