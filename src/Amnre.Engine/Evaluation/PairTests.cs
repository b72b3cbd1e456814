using System.Text.Json;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using PureHDF;

namespace Amnre.Engine.Evaluation;

/// <summary>Judges a model on a whole dataset by pairs (theta, x): each observation with its own parameters, and with those of the row
/// before in its batch. Divergence of joint and product of marginals (<c>-kl</c>) and classification (<c>-classify</c>).</summary>
internal sealed class PairTests
{
    private readonly IPairClassifier _model;
    private readonly Dictionary<ParameterMask, Sums> _sums;
    private readonly Dictionary<ParameterMask, float[]> _pairs;
    private readonly long _rows;
    private long _done;

    /// <param name="rows">Rows of the dataset, all of which must be added.</param>
    /// <param name="classify">Keep every pair for <see cref="WriteClassification"/>.</param>
    public PairTests(IPairClassifier model, IReadOnlyList<ParameterMask> masks, long rows, bool classify)
    {
        (_model, _rows) = (model, rows);
        _sums = masks.ToDictionary(mask => mask, _ => new Sums());
        if (classify && 6 * rows > Array.MaxLength) throw new InputException($"{rows} rows are too many to classify at once: take fewer");
        _pairs = classify ? masks.ToDictionary(mask => mask, _ => new float[6 * rows]) : [];
    }

    /// <summary>One batch.</summary>
    /// <param name="theta">(n, D).</param>
    /// <param name="x">(n, observation size), standardised as in training.</param>
    public void Add(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, int count)
    {
        var (ratio, frozen) = (new float[2][] { new float[count], new float[count] },
            new float[2][] { new float[count], new float[count] });
        foreach (var (mask, sums) in _sums)
        {
            var part = MaskedRows.Of(mask, theta);
            _model.LogRatio(mask, part, x, ratio[0], frozen[0]);
            // The last row first: row i gets the parameters of row i − 1.
            float[] rolled = [.. part[^mask.Count..], .. part[..^mask.Count]];
            _model.LogRatio(mask, rolled, x, ratio[1], frozen[1]);
            sums.Add(ratio[0], ratio[1]);
            if (_pairs.TryGetValue(mask, out var rows)) Classify(rows.AsSpan((int)(6 * _done), 6 * count), ratio, frozen);
        }

        _done += count;
    }

    /// <summary>Means over all pairs by name: <c>kl_&lt;mask&gt;</c>, <c>loss_&lt;mask&gt;</c> (of classifying joint and other pairs, in
    /// nats: the sum of both terms, 2 ln 2 where nothing is known) and, with classification, <c>auc_&lt;mask&gt;</c>.</summary>
    public IEnumerable<(string Name, double Value)> Summary() =>
        _sums.Select(pair => ($"kl_{pair.Key}", pair.Value.Joint / _done))
            .Concat(_sums.Select(pair => ($"loss_{pair.Key}", pair.Value.Loss / _done)))
            .Concat(_pairs.Select(pair => ($"auc_{pair.Key}", RocCurve.Of(pair.Value).Area)));

    /// <summary>Writes the original's <c>{mask: {kl, avg_ratio, log_avg_ratio}}</c>: mean log r of joint pairs, mean r of the others and
    /// its logarithm. Over rows, where the original takes the mean of batch means.</summary>
    public void WriteDivergences(string path) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" });
        json.WriteStartObject();
        foreach (var (mask, sums) in _sums)
        {
            json.WriteStartObject(mask.ToString());
            foreach (var (name, value) in new[]
            {
                ("kl", sums.Joint / _done), ("avg_ratio", sums.Marginal / _done), ("log_avg_ratio", Math.Log(sums.Marginal / _done)),
            })
            {
                json.WritePropertyName(name);
                // Python reads NaN and Infinity, which are no JSON.
                json.WriteRawValue(double.IsFinite(value) ? PythonNumber.Text(value) : double.IsNaN(value) ? "NaN" : value > 0
                    ? "Infinity"
                    : "-Infinity", skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>Writes a dataset (2n, 3) of label, sigmoid(log r) and weight for each mask; per batch the joint pairs, then the
    /// others.</summary>
    public void WriteClassification(string path)
    {
        var file = new H5File();
        foreach (var (mask, rows) in _pairs) file[mask.ToString()] = new H5Dataset<float[]>(rows, fileDims: [(ulong)(2 * _rows), 3]);
        AtomicFile.Write(path, stream => file.Write(stream));
    }

    private void Classify(Span<float> rows, float[][] ratio, float[][] frozen)
    {
        var count = ratio[0].Length;
        for (var label = 1; label >= 0; label--)
        {
            var half = label == 1 ? 0 : 1;
            for (var i = 0; i < count; i++)
            {
                var row = rows.Slice(3 * (half * count + i), 3);
                row[0] = label;
                row[1] = 1 / (1 + MathF.Exp(-ratio[half][i]));
                row[2] = _model.WeighsJoint switch
                {
                    true when label == 1 => MathF.Exp(-frozen[half][i]),
                    false when label == 0 => MathF.Exp(frozen[half][i]),
                    _ => 1,
                };
            }
        }
    }

    /// <summary>log(1 + eˣ), where eˣ may be larger than any number.</summary>
    internal static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    private sealed class Sums
    {
        /// <summary>Σ log r of joint pairs.</summary>
        public double Joint { get; private set; }

        /// <summary>Σ r of the others.</summary>
        public double Marginal { get; private set; }

        /// <summary>Σ of −log σ(log r) of joint pairs and −log(1 − σ(log r)) of the others.</summary>
        public double Loss { get; private set; }

        public void Add(float[] joint, float[] marginal)
        {
            foreach (var value in joint)
            {
                Joint += value;
                Loss += Softplus(-value);
            }

            foreach (var value in marginal)
            {
                Marginal += Math.Exp(value);
                Loss += Softplus(value);
            }
        }
    }
}
