using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amnre.Engine.Randomness;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>Random points of a sweep. Draw i of a field is a function of (seed, field, i) alone: more draws, or more fields, leave those
/// there are as they are.</summary>
internal static class RandomDraws
{
    private const int MaxDraws = 10_000;

    private static readonly string[] Kinds = ["uniform", "log_uniform", "integers", "choice"];

    public static IReadOnlyList<SweepPoint> Read(Section random, ErrorList errors)
    {
        var count = random.Value("count", 0);
        if (count is < 1 or > MaxDraws) random.Error("count", $"count is {count}: write how many points to draw, from 1 to {MaxDraws}");
        var seed = random.Value("seed", 0UL);
        var fields = random.Nested("fields");
        random.RefuseTheRest();
        if (fields is null)
        {
            random.Error("fields", "'fields' is missing: write what to draw, such as fields: { lr: { log_uniform: [1e-4, 1e-2] } }");
            return [SweepPoint.None];
        }

        var draws = new List<(string Path, YamlNode Key, Func<CounterRandom, YamlNode> Draw)>();
        foreach (var key in fields.Node.Children.Keys.OfType<YamlScalarNode>())
        {
            var path = key.Value ?? "";
            if (fields.Nested(path) is { } distribution && Distribution(distribution, path, fields) is { } draw)
                draws.Add((path, key, draw));
        }

        return [.. Enumerable.Range(0, Math.Clamp(count, 0, MaxDraws))
            .Select(i => new SweepPoint($"draw_{i + 1}", [.. draws.Select(field =>
        {
            var value = field.Draw(new CounterRandom(SeedOf(seed, field.Path), RandomPurpose.Sweeps, (ulong)i));
            // A number drawn stands nowhere in the file.
            if (value.Start.Line < field.Key.Start.Line) errors.Place(value, field.Key);
            return new SweepValue(field.Path, field.Key, value);
        })]))];
    }

    private static Func<CounterRandom, YamlNode>? Distribution(Section body, string path, Section fields)
    {
        var kinds = Kinds.Where(kind => body.Nodes(kind).Count > 0).ToList();
        body.RefuseTheRest();
        if (kinds is not [var kind])
        {
            fields.Error(path, $"'{path}' has {kinds.Count} distributions: write one of {string.Join(", ", Kinds)} with its values, such " +
                $"as {{ uniform: [0, 1] }}");
            return null;
        }

        if (kind == "choice")
        {
            var choices = body.Nodes(kind);
            return random => choices[(int)random.NextBelow((uint)choices.Count)];
        }

        if (body.Value<IReadOnlyList<double>?>(kind, null) is not [var low, var high] || !(low <= high)
            || double.IsInfinity(high - low) || (kind == "log_uniform" && low <= 0)
            || (kind == "integers" && (!double.IsInteger(low) || !double.IsInteger(high) || high - low >= int.MaxValue)))
        {
            body.Error(kind,
                $"'{kind}' must be [least, largest]" +
                    $"{(kind switch { "integers" => " of whole numbers", "log_uniform" => " of numbers above 0", _ => "" })}");
            return null;
        }

        return kind switch
        {
            "integers" => random => Plain((low + random.NextBelow((uint)(high - low) + 1)).ToString("0", CultureInfo.InvariantCulture)),
            "uniform" => random => Number(low + (high - low) * random.NextDouble()),
            _ => random => Number(low * Math.Pow(high / low, random.NextDouble())),
        };
    }

    private static ulong SeedOf(ulong seed, string path) =>
        seed ^ BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(path)));

    /// <summary>Six digits, so that names and tables stay readable; the settings have the same.</summary>
    private static YamlScalarNode Number(double value) => Plain(value.ToString("G6", CultureInfo.InvariantCulture));

    private static YamlScalarNode Plain(string text) => new(text) { Style = ScalarStyle.Plain };
}
