using Amnre.Engine.Datasets;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>Observations of a dataset as a trained model takes them, checked on the way.</summary>
internal sealed class ObservationRows : IDisposable
{
    private readonly string _path;
    private readonly ISimulator _simulator;
    private readonly SampleFile _file;

    private ObservationRows(string path, ISimulator simulator, SampleFile file) => (_path, _simulator, _file) = (path, simulator, file);

    public long Rows => _file.Rows;

    /// <summary>Whether the rows have true parameters.</summary>
    public bool HasTheta => _file.ThetaSize > 0;

    /// <exception cref="InputException">Missing, damaged, or not of this simulator.</exception>
    public static ObservationRows Open(string path, ISimulator simulator)
    {
        var file = SampleFile.Open(path);
        try
        {
            if (file.ObservationShape.Aggregate(1, (a, b) => a * b) != simulator.ObservationSize)
                throw new InputException(
                    $"samples file '{path}': observations of shape ({string.Join(", ", file.ObservationShape)}) are not those of {simulator.Name}, ({string.Join(", ", simulator.ObservationShape)}): evaluate the model on its own simulator's samples");
            if (file.ThetaSize != 0 && file.ThetaSize != simulator.ThetaSize)
                throw new InputException($"samples file '{path}' has {file.ThetaSize} parameters, but {simulator.Name} has {simulator.ThetaSize}");
            return new ObservationRows(path, simulator, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="first">First row.</param>
    /// <param name="count">How many.</param>
    /// <returns>Theta (count, D), or nothing where the file has none; x (count, observation size) as stored; and x standardised as in training.</returns>
    /// <exception cref="InputException">The file has not these rows, or an observation is not finite.</exception>
    public (float[] Theta, float[] X, float[] Standardised) Read(long first, int count)
    {
        var size = _simulator.ObservationSize;
        var (theta, x) = (new float[count * _file.ThetaSize], new float[count * size]);
        _file.Read(first, theta, x);
        for (var i = 0; i < x.Length; i++)
        {
            if (!float.IsFinite(x[i]))
                throw new InputException($"samples file '{_path}': observation row {first + i / size} holds {x[i]}, which no model can judge: leave the row out, or simulate it again");
        }

        if (_file is not { Mu: { } mu, Sigma: { } sigma }) return (theta, x, x);
        var standardised = new float[x.Length];
        for (var i = 0; i < x.Length; i++) standardised[i] = (x[i] - mu[i % size]) * (1 / sigma[i % size]);
        return (theta, x, standardised);
    }

    public void Dispose() => _file.Dispose();
}
