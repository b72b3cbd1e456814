using Amnre.Engine.Checkpoints;
using Amnre.Engine.Observations;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>Observations of a dataset as a trained model takes them, checked on the way.</summary>
internal sealed class ObservationRows : IDisposable
{
    private readonly string _path;
    private readonly ISimulator _simulator;
    private readonly SampleSet _samples;

    private ObservationRows(string path, ISimulator simulator, SampleSet samples) =>
        (_path, _simulator, _samples, Moments) = (path, simulator, samples, samples.Moments);

    /// <summary>What x is standardised with, the files' own at first; null for x as simulated.</summary>
    public ObservationMoments? Moments { get; set; }

    /// <summary>They are observations as they were measured, without moments of their own.</summary>
    public bool AreRaw => _samples is { AreMeasured: true, Moments: null };

    public long Rows => _samples.Rows;

    /// <summary>Why a model cannot judge them for the reduced basis that they are written in; null when it can.</summary>
    public string? BasisError(string model, TrainingRecord record) => DatasetMatch.BasisError(model, record, _path, _samples);

    /// <summary>True parameters are measured with, so that each must be a number.</summary>
    public bool NeedsTheta { get; set; }

    /// <summary>Values of x may be missing, NaN: the model can do without them.</summary>
    public bool MayMiss { get; set; }

    /// <summary>Whether the rows have true parameters.</summary>
    public bool HasTheta => _samples.ThetaSize > 0;

    /// <exception cref="InputException">Missing, damaged, or not of this simulator.</exception>
    public static ObservationRows Open(string path, ISimulator simulator)
    {
        var samples = SampleSet.Open(path);
        try
        {
            if (samples.ObservationSize != simulator.ObservationSize)
                throw new InputException(
                    $"samples file '{path}': observations of shape ({string.Join(", ", samples.ObservationShape)}) are not those of " +
                        $"{simulator.PlainName}, ({string.Join(", ", simulator.ObservationShape)}): evaluate the model on its own " +
                        "simulator's samples");
            if (samples.ThetaSize != 0 && samples.ThetaSize != simulator.ThetaSize)
                throw new InputException(
                    $"samples file '{path}' has {samples.ThetaSize} parameters, but {simulator.PlainName} has {simulator.ThetaSize}");
            DatasetMatch.RequireSimulator(path, samples, simulator);
            return new ObservationRows(path, simulator, samples);
        }
        catch
        {
            samples.Dispose();
            throw;
        }
    }

    /// <param name="first">First row.</param>
    /// <param name="count">How many.</param>
    /// <returns>Theta (count, D), or nothing where the file has none; x (count, observation size) as stored; and x standardised as in
    /// training.</returns>
    /// <exception cref="InputException">The file has not these rows, or an observation is not finite.</exception>
    public (float[] Theta, float[] X, float[] Standardised) Read(long first, int count)
    {
        var size = _simulator.ObservationSize;
        if ((long)count * size > Array.MaxLength)
            throw new InputException(
                $"{count} observations of {size} values are more than can be held at once: take fewer rows, or a smaller batch");
        var (theta, x) = (new float[count * _samples.ThetaSize], new float[count * size]);
        _samples.Read(first, theta, x);
        DatasetMatch.RequireSupport(_samples, _simulator, first, theta);
        for (var i = 0; NeedsTheta && i < theta.Length; i++)
        {
            if (!float.IsFinite(theta[i]))
                throw new InputException($"{_samples.Describe(first + i / _simulator.ThetaSize)} has " +
                    $"{_simulator.Labels[i % _simulator.ThetaSize]} = {theta[i]}, with which no estimate can be compared: leave the row out, or give its true parameters");
        }

        for (var i = 0; i < x.Length; i++)
        {
            if (!NumericArray.Takes(x[i], MayMiss))
                throw new InputException($"samples file '{_path}': observation row {first + i / size} holds {x[i]}, which no model can " +
                    "judge: leave the row out, simulate it again, or train a model that can do without (embedding: missing)");
        }

        if (Moments is null) return (theta, x, x);
        float[] standardised = [.. x];
        Moments.Standardize(standardised);
        return (theta, x, standardised);
    }

    public void Dispose() => _samples.Dispose();
}
