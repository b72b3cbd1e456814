using Amnre.Engine.Detectors;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Simulators;
using Amnre.Engine.Waveforms;
using TorchSharp;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>Gravitational waves of merging black holes in the two detectors of LIGO: theta the fifteen parameters of a precessing binary, x
/// the coefficients (2 detectors, 128 vectors, real and imaginary part) of the whitened strain in a reduced basis, in units of the noise.
/// Green, Gair: Complete parameter inference for GW150914 using deep learning (2021), as AMNRE uses it.</summary>
internal sealed class GravitationalWave : IReferenceEvents, IConditionalSimulator, ILiveNoise, IReducedBasisSimulator, ITensorSimulator
{
    /// <summary>Parameters near those of GW150914, for events of a simulator that was given none.</summary>
    private static readonly float[] Reference = [39, 32, 1.3f, 0, 410, 0.3f, 0.4f, 1.5f, 1.7f, 2.5f, 0.8f, 2.7f, 1.2f, 1.9f, -1.25f];

    private readonly WaveSetting _setting;
    private readonly Lazy<ReducedBasis> _basis;
    private readonly WaveSampling _sampling;
    private readonly bool _isNoisy;

    public GravitationalWave() : this(WaveSetting.Design)
    {
    }

    public GravitationalWave(WaveSetting setting)
        : this(setting, setting.Basis is { } basis ? new(basis) : StandardBasis.Of(setting), isNoisy: true)
    {
    }

    private GravitationalWave(WaveSetting setting, Lazy<ReducedBasis> basis, bool isNoisy, string? basisDigest = null)
    {
        (_setting, _basis, _isNoisy, BasisDigest) = (setting, basis, isNoisy, basisDigest);
        _sampling = new(setting.Observatory, basis);
    }

    public string Name => _setting.Name;

    public string? BasisDigest { get; }

    public IReadOnlyList<string> Labels => BinaryPrior.Labels;

    public IReadOnlyList<float> Low => BinaryPrior.Low;

    public IReadOnlyList<float> High => BinaryPrior.High;

    public IReadOnlyList<int> ObservationShape => [Detector.Pair.Count, _setting.Columns, 2];

    public int EventCount => 1;

    public bool KnowsEventParameters => _setting.Event is null;

    public ISimulator Signals => new GravitationalWave(_setting, _basis, isNoisy: false, BasisDigest);

    public WaveSetting Setting => _setting;

    public ISimulator WithBasis(string path)
    {
        var basis = BasisFile.Read(path, _setting.Columns);
        return new GravitationalWave(_setting, new(basis), _isNoisy, basis.Digest());
    }

    public ISimulator On(torch.Device device) => new TensorWaves(this, new(_setting.Observatory, _basis.Value, device), _isNoisy);

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => _sampling.Sample(seed, firstRow, theta, x, _isNoisy);

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x)
    {
        _sampling.Observe(theta, x);
        if (!_isNoisy) return;
        var size = _sampling.ObservationSize;
        for (var row = 0; row < x.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Predictive, (ulong)(firstRow + row));
            WhiteNoise.Add(ref random, x.Slice(row * size, size));
        }
    }

    public void DrawPrior(ulong seed, long firstRow, Span<float> theta) => WaveRows.Draw(seed, firstRow, theta);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => BinaryPrior.LogDensity(mask, theta);

    public void AddNoise(ref CounterRandom random, Span<float> x) => WhiteNoise.Add(ref random, x);

    /// <summary>The event that the simulator was given; else one observation of fixed parameters, with noise that the seed names.</summary>
    public void Events(ulong seed, Span<float> theta, Span<float> x)
    {
        if (_setting.Event is { } strain)
        {
            theta.Fill(float.NaN);
            var panels = new StrainPanels(Detector.Pair.Count);
            foreach (var spectrum in strain) panels.Add(spectrum);
            _basis.Value.Project(panels, 1 / _setting.Observatory.NoiseDeviation, x);
            return;
        }

        Reference.CopyTo(theta);
        _sampling.Observe(theta, x);
        var random = new CounterRandom(seed, RandomPurpose.ReferenceEvents, 0);
        WhiteNoise.Add(ref random, x);
    }
}
