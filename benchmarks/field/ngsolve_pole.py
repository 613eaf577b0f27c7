"""One pole in NGSolve, on the mesh, curve, magnets and currents that codrive exported.

Second-order elements have NGSolve's hierarchical basis; the space, and so the solution, is the same.
What makes it fast here: matrix of the linear regions assembled once, steel alone in each iteration, the order
of the factorisation kept (`Update`), a line search only where full steps fail.
"""

import math

import ngsolve as ng
import numpy as np
from netgen.meshing import Element1D, Element2D, IdentificationType
from netgen.meshing import Mesh as NetgenMesh
from netgen.meshing import MeshPoint, Pnt, PointId

MU_0 = 1.256637062e-6
MOST_STEPS = 60


def build_mesh(pole):
    """The exported triangles, node by node; shaft and outer surface are the boundary `fixed`."""
    mesh = NetgenMesh()
    mesh.dim = 2
    for x, y in pole["nodes"]:
        mesh.Add(MeshPoint(Pnt(x, y, 0)))
    regions = {name: mesh.AddRegion(name, dim=2) for name in sorted(set(pole["fill"]))}
    uses = {}
    for triangle, fill in zip(pole["triangles"], pole["fill"]):
        mesh.Add(Element2D(regions[fill], [PointId(n + 1) for n in triangle]))
        for edge in zip(triangle, triangle[1:] + triangle[:1]):
            uses[frozenset(edge)] = uses.get(frozenset(edge), 0) + 1
    fixed = set(pole["fixed"])
    boundary = {True: mesh.AddRegion("fixed", dim=1), False: mesh.AddRegion("side", dim=1)}
    for edge in (edge for edge, count in uses.items() if count == 1):
        mesh.Add(Element1D([PointId(n + 1) for n in edge], index=boundary[edge <= fixed]))
    for minus, plus in pole["pairs"]:
        mesh.AddPointIdentification(
            PointId(minus + 1), PointId(plus + 1), identnr=1, type=IdentificationType.PERIODIC
        )
    return ng.Mesh(mesh)


def field_strength(curve):
    """The cubic h(b) of codrive as a B-spline, exactly: double knots, straight beyond the table."""
    b, h, slope = (np.array(curve[key]) for key in ("b_t", "h_a_per_m", "slope_m_per_h"))
    end_t = 20.0
    b, h = np.append(b, end_t), np.append(h, h[-1] + (end_t - b[-1]) / MU_0)
    slope = np.append(slope, 1 / MU_0)
    values = [h[0]]
    for i, third in enumerate(np.diff(b) / 3):
        values += [h[i] + third * slope[i], h[i + 1] - third * slope[i + 1]]
    values.append(h[-1])
    knots = [b[0]] * 4 + [x for x in b[1:-1] for _ in (0, 1)] + [b[-1]] * 4
    return ng.BSpline(4, [float(x) for x in knots], [float(x) for x in values])


def integration_rule(order):
    """The points that codrive integrates with: the middle, or three inside (not on the sides)."""
    if order == 1:
        return ng.IntegrationRule([(1 / 3, 1 / 3)], [1 / 2])
    return ng.IntegrationRule([(2 / 3, 1 / 6), (1 / 6, 2 / 3), (1 / 6, 1 / 6)], [1 / 6] * 3)


def places(large, small):
    """Where the entries of a small matrix lie among the values of one that contains its pattern."""

    def keys(matrix):
        _, column, start = (np.array(part).astype(np.int64) for part in matrix.CSR())
        return np.repeat(np.arange(len(start) - 1), np.diff(start)) * len(start) + column

    large, small = keys(large), keys(small)
    order = np.argsort(large)
    return order[np.searchsorted(large[order], small)]


class Pole:
    """The equations at rotor position zero; currents in A per conductor path, as in the machine."""

    def __init__(self, pole, inverse, decrement, compiled=False):
        self.pole, self.inverse, self.decrement = pole, inverse, decrement
        self.mesh = build_mesh(pole)
        space = ng.H1(self.mesh, order=pole["order"], dirichlet="fixed")
        self.space = ng.Periodic(space, phase=[-1])
        self.free = self.space.FreeDofs()
        self.rule = integration_rule(pole["order"])
        self.a = ng.GridFunction(self.space)
        u, v = self.space.TnT()
        self._assemble_linear(u, v)
        self._assemble_sources(v)
        energy = field_strength(pole["curve"]).Integrate()
        density = energy(ng.sqrt(ng.InnerProduct(ng.grad(u), ng.grad(u)) + 1e-16))
        density = density.Compile() if compiled else density
        self.steel = ng.BilinearForm(self.space, symmetric=True)
        self.steel += ng.Variation(density * ng.dx("steel", intrules={ng.TRIG: self.rule}))
        self.steel.AssembleLinearization(self.a.vec)
        self._merge(u, v)
        self.factor = None
        self.residual, self.step, self.trial = (self.a.vec.CreateVector() for _ in range(3))

    def _assemble_linear(self, u, v):
        nu = 1 / MU_0
        names = [name for name in self.mesh.GetMaterials() if name != "steel"]
        air = "|".join(name for name in names if not name.startswith("magnet"))
        self.linear = ng.BilinearForm(self.space, symmetric=True)
        self.linear += nu * ng.grad(u) * ng.grad(v) * ng.dx(air)
        self.linear += nu / self.pole["magnet_mu_r"] * ng.grad(u) * ng.grad(v) * ng.dx("magnet.*")
        self.linear.Assemble()

    def _assemble_sources(self, v):
        pole, curl = self.pole, ng.CoefficientFunction((ng.grad(v)[1], -ng.grad(v)[0]))
        self.magnets = ng.LinearForm(self.space)
        for k, (x, y) in enumerate(pole["remanence_t"]):
            flow = ng.CoefficientFunction((x, y)) / (MU_0 * pole["magnet_mu_r"])
            self.magnets += flow * curl * ng.dx(f"magnet{k}")
        self.magnets.Assemble()
        axis = {"d": lambda e: math.cos(-e), "q": lambda e: -math.sin(-e)}
        self.current = {}
        for name, share in axis.items():
            density = {
                f"slot{slot}": sum(t * share(e) for t, e in zip(turns, pole["axis_rad"]))
                / pole["slot_area_m2"]
                for slot, turns in enumerate(pole["turns"])
            }
            form = ng.LinearForm(self.mesh.MaterialCF(density, default=0) * v * ng.dx("slot.*"))
            self.current[name] = form.Assemble().vec

    def _merge(self, u, v):
        whole = ng.BilinearForm(ng.grad(u) * ng.grad(v) * ng.dx, symmetric=True).Assemble()
        self.tangent = whole.mat
        self.values = self.tangent.AsVector().FV().NumPy()
        self.constant = np.zeros(len(self.values))
        linear = self.linear.mat
        self.constant[places(self.tangent, linear)] = linear.AsVector().FV().NumPy()
        self.steel_places = places(self.tangent, self.steel.mat)

    def source(self, i_d, i_q):
        """Right-hand side for dq currents of the machine, A."""
        scale = self.pole["conductors_per_path"]
        f = self.a.vec.CreateVector()
        f.data = self.magnets.vec + scale * i_d * self.current["d"] + scale * i_q * self.current["q"]
        return f

    def _newton_step(self, x, f):
        """Step and energy decrement at x."""
        self.steel.Apply(x, self.residual)
        self.residual.data += self.linear.mat * x - f
        self.steel.AssembleLinearization(x)
        self.values[:] = self.constant
        self.values[self.steel_places] += self.steel.mat.AsVector().FV().NumPy()
        if self.factor is None:
            # The flag is pardiso's: it has no other way to know that the matrix is symmetric.
            flags = {"symmetric": True} if self.inverse.startswith("pardiso") else {}
            self.factor = self.tangent.Inverse(self.free, inverse=self.inverse, flags=flags)
        else:
            self.factor.Update()
        self.step.data = self.factor * self.residual
        return ng.InnerProduct(self.step, self.residual)

    def _energy(self, x, f):
        half = self.a.vec.CreateVector()
        half.data = self.linear.mat * x
        return self.steel.Energy(x) + ng.InnerProduct(0.5 * half - f, x)

    def _shorten(self, x, f):
        """Halves the step until the energy falls; leaves the new solution in `trial`."""
        length, before = 1.0, self._energy(x, f)
        while length > 1e-4:
            self.trial.data = x - length * self.step
            if self._energy(self.trial, f) <= before + 1e-13 * abs(before):
                return
            length /= 2

    def threshold(self, x, f):
        """Decrement at which the iteration ends: codrive's share of the energy."""
        return self.decrement * abs(self._energy(x, f))

    def solve(self, start, f, threshold):
        """Newton from a start, with codrive's rule for stopping; steps taken."""
        first = None
        for search in (False, True):
            x = self.a.vec
            x.data = start
            for count in range(1, MOST_STEPS if search else 12):
                decrement = self._newton_step(x, f)
                first = decrement if first is None else first
                self.trial.data = x - self.step
                if decrement <= (threshold or self.threshold(x, f)):
                    x.data = self.trial
                    return count
                if search:
                    self._shorten(x, f)
                elif decrement > 100 * first:
                    break
                x.data = self.trial
        raise RuntimeError("no convergence")

    def read(self):
        """psi_d, psi_q in Vs and Arkkio torque in Nm of the machine."""
        pole = self.pole
        poles, gap = 2 * pole["pole_pairs"], pole["gap_m"]
        scale = poles * pole["conductors_per_path"] * pole["stack_m"]
        psi = [2 / 3 * scale * ng.InnerProduct(self.current[k], self.a.vec) for k in "dq"]
        b = ng.CoefficientFunction((ng.grad(self.a)[1], -ng.grad(self.a)[0]))
        radial, across = b[0] * ng.x + b[1] * ng.y, b[1] * ng.x - b[0] * ng.y
        stress = radial * across / ng.sqrt(ng.x * ng.x + ng.y * ng.y)
        area = ng.dx("gap", intrules={ng.TRIG: self.rule})
        torque = poles * pole["stack_m"] / (MU_0 * gap) * ng.Integrate(stress * area, self.mesh)
        return [*psi, torque]
