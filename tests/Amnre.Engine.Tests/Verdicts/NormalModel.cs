using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>The exact posteriors of a <see cref="LinearStudy"/> for every subset, or what a planted defect makes of them.</summary>
internal sealed class NormalModel(LinearStudy study) : IMarginalPosterior
{
    private readonly Dictionary<ParameterMask, (double[,] Precision, double LogRoot)> _forms = [];

    /// <summary>Changes x before the model sees it.</summary>
    public Func<float[], float[]> See { get; init; } = x => x;

    /// <summary>Changes the mean of all parameters of a mask's posterior.</summary>
    public Func<ParameterMask, Vector<double>, Vector<double>> Centre { get; init; } = (_, mean) => mean;

    /// <summary>Changes the covariance of all parameters of a mask's posterior.</summary>
    public Func<ParameterMask, Matrix<double>, Matrix<double>> Spread { get; init; } = (_, covariance) => covariance;

    /// <summary>Changes the log density of parameters of a mask, with their mean and x.</summary>
    public Func<ParameterMask, float[], float[], double, double>? Say { get; init; }

    public bool HasFreeFactor { get; init; }

    public bool Covers(ParameterMask mask) => mask.Count > 0;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var indices = mask.Indices();
        var (size, width, rows) = (indices.Length, study.ObservationShape[0], theta.Length / indices.Length);
        if (!_forms.TryGetValue(mask, out var form))
        {
            var spread = Spread(mask, study.Covariance);
            var part = Matrix<double>.Build.Dense(size, size, (i, j) => spread[indices[i], indices[j]]);
            _forms[mask] = form = (part.Inverse().ToArray(), -0.5 * (Math.Log(part.Determinant()) + size * Math.Log(2 * Math.PI)));
        }

        for (var observation = 0; observation < x.Length / width; observation++)
        {
            var seen = See(x.Slice(observation * width, width).ToArray());
            var centre = Centre(mask, study.Gain * Vector<double>.Build.Dense(width, k => seen[k]));
            double[] mean = [.. indices.Select(index => centre[index])];
            for (var row = 0; row < rows; row++)
            {
                var square = 0.0;
                var part = theta.Slice(row * size, size);
                for (var i = 0; i < size; i++)
                    for (var j = 0; j < size; j++) square += form.Precision[i, j] * (part[i] - mean[i]) * (part[j] - mean[j]);
                var log = form.LogRoot - 0.5 * square;
                result[observation * rows + row] = (float)(Say?.Invoke(mask, part.ToArray(), seen, log) ?? log);
            }
        }
    }

    public void Dispose()
    {
    }
}
