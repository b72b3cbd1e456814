using System.Globalization;
using Amnre.Engine.Observations;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Imports;

/// <summary>Rows of theta and x of one part, one after the other, checked against what they are said to be of.</summary>
internal sealed class ImportedRows : IDisposable
{
    private readonly ISimulator _simulator;
    private readonly ArraySource _x;
    private readonly ArraySource? _theta;
    private readonly ImportedPart _part;
    private long _next;

    private ImportedRows(ISimulator simulator, ImportedPart part, ArraySource x, ArraySource? theta, long count) =>
        (_simulator, _part, _x, _theta, Count) = (simulator, part, x, theta, count);

    /// <summary>Rows in all.</summary>
    public long Count { get; }

    /// <param name="part">Which arrays.</param>
    /// <param name="place">Where a file lies.</param>
    /// <param name="simulator">Whose they are.</param>
    /// <exception cref="InputException">An array is not there, or of another shape.</exception>
    public static ImportedRows Open(ImportedPart part, Func<ImportedFile, string> place, ISimulator simulator)
    {
        var x = Source(part.X, place);
        ArraySource? theta = null;
        try
        {
            var count = Named(part.X, () => part.Theta is null
                ? ArrayShape.MeasuredRows(x.Shape, simulator)
                : ArrayShape.ObservationRows(x.Shape, simulator));
            if (part.Theta is { } parameters)
            {
                theta = Source(parameters, place);
                var others = Named(parameters, () =>
                {
                    var rows = ArrayShape.ThetaRows(theta.Shape, simulator);
                    theta.Columns?.Require(simulator);
                    return rows;
                });
                if (others != count)
                    throw new InputException($"theta of '{parameters.File.Name}' has {others} rows, but x of '{part.X.File.Name}' has " +
                        $"{count}: give as many parameters as observations");
            }

            if (count == 0) throw new InputException($"'{part.X.File.Name}' holds no row: give at least one");
            return new ImportedRows(simulator, part, x, theta, count);
        }
        catch
        {
            x.Dispose();
            theta?.Dispose();
            throw;
        }
    }

    /// <summary>The next rows.</summary>
    /// <param name="theta">Receives (n, D); empty where there is none.</param>
    /// <param name="x">Receives (n, observation size).</param>
    /// <exception cref="InputException">Damage, a value that float32 does not hold, or theta outside of the prior.</exception>
    public void Read(Span<float> theta, Span<float> x)
    {
        var rows = x.Length / _simulator.ObservationSize;
        Read(_x, _part.X, "x", x, rows, place => $"x[{place}]");
        if (_theta is not null)
        {
            Read(_theta, _part.Theta!, "theta", theta, rows, place => _simulator.Labels[place]);
            RequireSupport(theta);
        }

        _next += rows;
    }

    /// <summary>Passes over rows.</summary>
    public void Skip(long rows)
    {
        var (size, most) = (_simulator.ObservationSize, Math.Max(1, (1 << 18) / _simulator.ObservationSize));
        var (x, theta) = (new double[most * size], new double[_theta is null ? 0 : most * _simulator.ThetaSize]);
        for (var left = rows; left > 0; left -= most)
        {
            var some = (int)Math.Min(left, most);
            _x.Read(x.AsSpan(0, some * size));
            _theta?.Read(theta.AsSpan(0, some * _simulator.ThetaSize));
        }

        _next += rows;
    }

    public void Dispose()
    {
        _x.Dispose();
        _theta?.Dispose();
    }

    private void Read(ArraySource source, ImportedArray array, string name, Span<float> target, int rows, Func<int, string> label)
    {
        var (values, size) = (new double[target.Length], target.Length / rows);
        source.Read(values);
        for (var i = 0; i < values.Length; i++)
        {
            target[i] = (float)values[i];
            if (!float.IsFinite(target[i]))
                throw NumericArray.Refusal(values[i], $"'{array.File.Name}': row {_next + i / size} of {name}: {label(i % size)}");
        }
    }

    private void RequireSupport(ReadOnlySpan<float> theta)
    {
        if (PriorSupport.FirstOutside(_simulator, theta) is not var (row, parameter)) return;
        var value = theta[row * _simulator.ThetaSize + parameter];
        throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"'{_part.Theta!.File.Name}': row {_next + row} of theta: {_simulator.Labels[parameter]} is {value:R}, outside the prior " +
            $"[{_simulator.Low[parameter]:R}, {_simulator.High[parameter]:R}): declare the prior that the rows were drawn from, or give " +
            $"parameters in its units"));
    }

    private static ArraySource Source(ImportedArray array, Func<ImportedFile, string> place) =>
        ArraySource.Open(place(array.File), array.File.Name, array.File.Form, array.Key);

    private static long Named(ImportedArray array, Func<long> rows)
    {
        try
        {
            return rows();
        }
        catch (InputException other)
        {
            throw new InputException($"'{array.File.Name}': {other.Message}", other);
        }
    }
}
