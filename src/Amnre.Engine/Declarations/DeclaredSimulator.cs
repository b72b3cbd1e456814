using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using YamlDotNet.RepresentationModel;

namespace Amnre.Engine.Declarations;

/// <summary>Parameters, their prior and the shape of an observation, without a program: for rows that were simulated elsewhere. Its name is
/// the whole declaration, so that every worker and every model's settings file has all of it.</summary>
public sealed class DeclaredSimulator : ISimulator
{
    /// <summary>Points of the prior at which densities are compared.</summary>
    private const int Compared = 16;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IPrior _prior;

    private DeclaredSimulator(IReadOnlyList<DeclaredParameter> parameters, IReadOnlyList<int> shape)
    {
        Labels = [.. parameters.Select(parameter => parameter.Label)];
        ObservationShape = shape;
        _prior = DeclaredParameter.Prior(parameters);
        var priors = parameters.Select(one =>
            KeyValuePair.Create(one.Label, (JsonNode?)new JsonObject { [one.Kind.Name] = one.Written() }));
        Name = new JsonObject
        {
            ["parameters"] = new JsonObject(priors),
            ["observation"] = new JsonArray([.. shape.Select(length => JsonValue.Create(length))]),
        }.ToJsonString(Readable);
    }

    /// <summary>The declaration itself: see <see cref="SimulatorReference.IsDeclared"/>.</summary>
    public string Name { get; }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; }

    public bool Draws => false;

    public bool IsLogarithmic(int parameter) => _prior.IsLogarithmic(parameter);

    /// <summary>Reads a declaration that may have validation errors.</summary>
    /// <param name="parameters">Each with its prior, in their order.</param>
    /// <param name="observation">Lengths as written.</param>
    /// <param name="error">Receives what is wrong: the field, the node that it is about (null for the field's own), and a sentence.</param>
    /// <returns>Null when anything is wrong.</returns>
    public static DeclaredSimulator? Read(
        IReadOnlyList<(string Name, YamlNode Value)> parameters, IReadOnlyList<string> observation, Action<string, YamlNode?, string> error)
    {
        var wrong = false;
        var declared = DeclarationReader.Parameters(parameters, (node, message) => Refuse("parameters", node, message));
        var shape = DeclarationReader.Shape(observation, message => Refuse("observation", null, message));
        return wrong ? null : new DeclaredSimulator(declared, shape);

        void Refuse(string field, YamlNode? node, string message)
        {
            wrong = true;
            error(field, node, message);
        }
    }

    /// <summary>The simulator of such a name.</summary>
    /// <exception cref="InputException">It is no declaration.</exception>
    internal static DeclaredSimulator Of(string name)
    {
        try
        {
            var root = StrictJson.Parse(name)!.AsObject();
            List<(string, YamlNode)> entries = [.. root["parameters"]!.AsObject().Select(one => (one.Key, Prior(one.Value!.AsObject())))];
            List<string> shape = [.. root["observation"]!.AsArray().Select(length => length!.ToJsonString())];
            return root.Count == 2
                ? Read(entries, shape, (_, _, message) => throw new InputException(message))!
                : throw new InputException("it has other fields than 'parameters' and 'observation'");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or NullReferenceException or InputException
            or FormatException)
        {
            throw new InputException($"simulator '{name}' is no declaration of parameters: {wrong.Message}", wrong);
        }
    }

    /// <summary>Whether a simulator has these parameters, this prior and this shape of observations, so that it may be the one that the
    /// arrays came from.</summary>
    public bool Describes(ISimulator other)
    {
        if (!Labels.SequenceEqual(other.Labels) || !ObservationShape.SequenceEqual(other.ObservationShape)) return false;
        var (theta, size, full) = (new float[Compared * Labels.Count], Labels.Count, ParameterMask.Full(Labels.Count));
        DrawPrior(0, 0, theta);
        return Enumerable.Range(0, Compared).Select(row => theta.AsMemory(row * size, size))
            .All(one => LogPrior(full, one.Span) is var density && Math.Abs(density - other.LogPrior(full, one.Span)) <= 1e-6)
            && Low.SequenceEqual(other.Low) && High.SequenceEqual(other.High);
    }

    /// <exception cref="InputException">Always: there is nothing to simulate with.</exception>
    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) =>
        throw new InputException($"parameters {SimulatorReference.Plain(Name)} are declared without a simulator, so rows cannot be " +
            "drawn: give simulated rows as files, or name a simulator");

    public void DrawPrior(ulong seed, long firstRow, Span<float> theta)
    {
        for (var row = 0; row < theta.Length / Labels.Count; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            _prior.Draw(ref random, theta.Slice(row * Labels.Count, Labels.Count));
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    private static YamlMappingNode Prior(JsonObject prior) => new(prior.SelectMany(one => (YamlNode[])[one.Key, Node(one.Value)]));

    private static YamlNode Node(JsonNode? value) => value is JsonArray items
        ? new YamlSequenceNode(items.Select(Node))
        : new YamlScalarNode(value!.ToJsonString());
}
