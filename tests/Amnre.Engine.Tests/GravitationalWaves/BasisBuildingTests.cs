using System.Numerics;
using Amnre.Engine.Catalog;
using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Randomness;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Waveforms;
using MathNet.Numerics.LinearAlgebra.Complex;

namespace Amnre.Engine.Tests.GravitationalWaves;

public sealed class BasisBuildingTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Singular_values_and_subspace_are_those_of_the_whole_matrix()
    {
        // 12 binaries are 24 strains: the small Gram matrix A·A^H has the squares of A's singular values.
        const int Draws = 12, Columns = 10;
        var (vectors, singular) = SignalSubspace.Build(StrainData.Observatory, 3, Draws, Columns, RunContexts.Quiet, _ => { })!.Value;
        var strains = new List<Complex[]>();
        for (var i = 0; i < Draws; i++)
        {
            var buffers = new WaveBuffers();
            StrainData.Observatory.Whiten(GramProduct.Draw(3, i), buffers);
            strains.Add(buffers.First.Whole());
            strains.Add(buffers.Second.Whole());
        }

        var gram = DenseMatrix.Create(2 * Draws, 2 * Draws, (i, j) => Dot(strains[j], strains[i]));
        double[] expected = [.. gram.Evd().EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real))).OrderDescending().Take(Columns)];
        for (var i = 0; i < Columns; i++) Assert.Equal(1, singular[i] / expected[i], 2e-5);

        // What the vectors keep of the strains is the sum of the squares of their singular values, and no subspace keeps more.
        Complex[][] basis = [.. Enumerable.Range(0, Columns).Select(j =>
            Enumerable.Range(0, FrequencyGrid.Bins)
            .Select(k => new Complex(vectors[(k * Columns + j) * 2], vectors[(k * Columns + j) * 2 + 1])).ToArray())];
        for (var i = 0; i < Columns; i++)
            for (var j = 0; j < Columns; j++) Assert.Equal(i == j ? 1 : 0, Complex.Abs(Dot(basis[i], basis[j])), 1e-5);
        // Coefficients are x·V, without conjugation.
        var kept = strains.Sum(x => basis.Sum(v => Square(x.Zip(v, (a, b) => a * b).Aggregate(Complex.Add))));
        Assert.Equal(1, kept / expected.Sum(value => value * value), 1e-5);
    }

    [Fact]
    public void A_basis_is_the_same_on_any_number_of_threads_and_represents_what_was_held_out()
    {
        var simulator = new GravitationalWave(new WaveSetting { Name = "GW", Observatory = StrainData.Observatory, Columns = 48 });
        var settings = new BasisSettings { Simulator = "GW", Draws = 250, HeldOut = 50, Seed = 1 };
        var quality = BasisBuilding.Run(settings, simulator, In("a.h5"), RunContexts.Quiet)!;
        var few = BasisBuilding.Run(settings with { Draws = 30 }, simulator, In("few.h5"), RunContexts.Quiet)!;

        Assert.InRange(quality.Median, 1e-4, 0.2);
        Assert.True(quality.Mean < few.Mean);
        var (again, _) = SignalSubspace.Build(StrainData.Observatory, 1, 250, 48, RunContexts.Quiet, _ => { })!.Value;
        Assert.Equal(again, BasisFile.Read(In("a.h5"), 48).Values);
        Assert.Equal(quality.Mean,
            BasisQuality.Mismatch(StrainData.Observatory, BasisFile.Read(In("a.h5"), 48), settings, RunContexts.Quiet).Average(), 1e-12);
    }

    [Fact]
    public void The_basis_of_a_file_is_cut_to_the_vectors_needed()
    {
        var simulator = new GravitationalWave(new WaveSetting { Name = "GW", Observatory = StrainData.Observatory, Columns = 8 });
        BasisBuilding.Run(new BasisSettings { Simulator = "GW", Draws = 20, HeldOut = 0 }, simulator, In("basis.h5"), RunContexts.Quiet);
        var narrow = new GravitationalWave(new WaveSetting { Name = "GW", Observatory = StrainData.Observatory, Columns = 3 });

        var (theta, wide, few) = (new float[15], new float[2 * 8 * 2], new float[2 * 3 * 2]);
        simulator.WithBasis(In("basis.h5")).Sample(1, 0, theta, wide);
        narrow.WithBasis(In("basis.h5")).Sample(1, 0, theta, few);

        // Signals agree where both have coefficients; the noise is drawn in the order of the values.
        var (a, b) = (new float[32], new float[12]);
        ((ILiveNoise)simulator.WithBasis(In("basis.h5"))).Signals.Sample(1, 0, theta, a);
        ((ILiveNoise)narrow.WithBasis(In("basis.h5"))).Signals.Sample(1, 0, theta, b);
        Assert.Equal(a[..6], b[..6]);
        Assert.Equal(a[16..22], b[6..]);
        Assert.Contains("8 vectors, but 128",
            Assert.Throws<InputException>(() => new GravitationalWave().WithBasis(In("basis.h5"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complex_numbers_of_h5py_are_read_as_the_original_writes_its_basis()
    {
        var ours = BasisFile.Read(GoldenFile.Path("gw-basis-h5py.h5"), 2);

        Assert.Equal(BasisFile.Read(GoldenFile.Path("gw-basis.npy"), 2).Values, ours.Values);
        Assert.Contains("2 vectors, but 3",
            Assert.Throws<InputException>(() => BasisFile.Read(GoldenFile.Path("gw-basis-h5py.h5"), 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0x00)]
    [InlineData(8, 0xff)]
    [InlineData(40, 0x41)]
    [InlineData(-1, 0)]
    public void A_damaged_array_is_refused(int at, int value)
    {
        var bytes = File.ReadAllBytes(GoldenFile.Path("gw-basis.npy"));
        if (at >= 0) bytes[at] = (byte)value;
        else bytes = bytes[..^8];
        File.WriteAllBytes(In("broken.npy"), bytes);

        Assert.Contains("broken.npy", Assert.Throws<InputException>(() => BasisFile.Read(In("broken.npy"), 128)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Products_of_matrices_are_the_same_with_vectors_of_either_width_and_right()
    {
        const int Inner = 300, Columns = 11, Rows = 7;
        var (left, right) = (new float[ComplexPanels.LeftLength(Rows, Inner)], new float[ComplexPanels.RightLength(Inner, Columns)]);
        var random = new CounterRandom(1, RandomPurpose.Rows, 0);
        foreach (ref var value in left.AsSpan()) value = (float)random.NextNormal();
        foreach (ref var value in right.AsSpan()) value = (float)random.NextNormal();
        var sums = new double[ComplexProduct.SumLength(2, Columns)];
        ComplexProduct.Add(left, right, Inner, Inner, Columns, 0, 2, sums);

        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var expected = Complex.Zero;
                for (var k = 0; k < Inner; k++)
                {
                    int a = ComplexPanels.LeftStart(row, Inner) + k * ComplexPanels.LeftStep,
                        b = ComplexPanels.RightStart(column, Inner) + k * ComplexPanels.RightStep;
                    expected += new Complex(left[a], left[a + 1]) * new Complex(right[b], right[b + ComplexPanels.Columns]);
                }

                var at = ComplexProduct.SumIndex(row, column, Columns);
                Assert.InRange(Complex.Abs(expected - new Complex(sums[at], sums[at + ComplexProduct.ImaginaryStep])), 0, 2e-4);
            }
        }

        var (wide, narrow) = (new float[96], new float[96]);
        ComplexProduct.Wide(ref left[0], ref right[0], 200, wide);
        ComplexProduct.Narrow(ref left[0], ref right[0], 200, narrow, 0);
        ComplexProduct.Narrow(ref left[0], ref right[0], 200, narrow, 3);
        Assert.Equal(wide, narrow);
    }

    [Theory]
    [InlineData(63, 0, "as many signals as vectors")]
    [InlineData(100, -1, "held_out -1")]
    public void Faults_of_the_settings_are_named(int draws, int heldOut, string error) =>
        Assert.Contains(
            error,
            Assert.Throws<InputException>(
                () => BasisBuilding.Run(new BasisSettings { Simulator = "GW", Draws = draws, HeldOut = heldOut },
                    SimulatorCatalog.Find("GW"), In("b.h5"), RunContexts.Quiet)).Message,
            StringComparison.Ordinal);

    private static Complex Dot(Complex[] a, Complex[] b) => a.Zip(b, (x, y) => Complex.Conjugate(x) * y).Aggregate(Complex.Add);

    private static double Square(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;

    private string In(string name) => _scratch[name];
}
