using System.Text.Json.Nodes;
using Amnre.Engine.Distributions;

namespace Amnre.Engine.Declarations;

/// <summary>A parameter and its prior, as a user declares them.</summary>
/// <param name="Label">Its display label.</param>
/// <param name="Kind">Which prior.</param>
/// <param name="Values">Its numbers, one after the other.</param>
internal sealed record DeclaredParameter(string Label, PriorKind Kind, IReadOnlyList<double> Values)
{
    /// <summary>Those priors whose numbers are kept in single precision, as they are written in the names of older declarations.</summary>
    private static readonly string[] Single = ["uniform", "normal", "log_uniform"];

    /// <summary>The prior of all parameters together.</summary>
    /// <exception cref="InputException">Values that no prior of the kind has.</exception>
    public static IPrior Prior(IReadOnlyList<DeclaredParameter> parameters)
    {
        int[] alone = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Kind.Make is not null)];
        var independent = new IndependentPrior([.. alone.Select(i => parameters[i].Kind.Make!(parameters[i].Values))]);
        if (alone.Length == parameters.Count) return independent;
        int[] joined = [.. Enumerable.Range(0, parameters.Count).Except(alone)];
        var covariance = new double[joined.Length, joined.Length];
        for (var i = 0; i < joined.Length; i++)
        {
            var row = parameters[joined[i]];
            var meant = i == 0 ? "number, its variance" : $"numbers: covariances with the {i} above and its variance";
            if (row.Values.Count != i + 2)
                throw new InputException($"parameter '{row.Label}' is number {i + 1} of those with multivariate_normal, so its row of " +
                    $"the covariance has {i + 1} {meant}; it has {row.Values.Count - 1}");
            for (var j = 0; j <= i; j++) covariance[i, j] = covariance[j, i] = row.Values[j + 1];
        }

        var normal = new MultivariateNormalPrior([.. joined.Select(i => parameters[i].Values[0])], covariance);
        return alone.Length == 0 ? normal : new GroupedPrior([(alone, independent), (joined, normal)]);
    }

    /// <summary>Its numbers in the form that they are written in.</summary>
    public JsonArray Written() => Kind.Form switch
    {
        PriorForm.Points => new JsonArray([.. Values.Chunk(2).Select(pair => (JsonNode)new JsonArray(pair[0], pair[1]))]),
        PriorForm.MeanAndRow => new JsonArray(Values[0], new JsonArray([.. Values.Skip(1).Select(value => JsonValue.Create(value))])),
        _ when Single.Contains(Kind.Name) => new JsonArray([.. Values.Select(value => JsonValue.Create((float)value))]),
        _ => new JsonArray([.. Values.Select(value => JsonValue.Create(value))]),
    };
}
