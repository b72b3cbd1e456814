using Amnre.Engine.Draws;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Finds the draws that an evaluation's draws are compared with: those of an evaluation above it, or a file.</summary>
/// <param name="folder">Where relative paths start.</param>
internal sealed class ReferenceReader(string folder)
{
    private readonly Dictionary<string, EvaluationSection> _above = new(StringComparer.Ordinal);

    public void Add(EvaluationSection evaluation) => _above.TryAdd(evaluation.Name, evaluation);

    /// <summary><paramref name="evaluation"/> with its reference found: a name goes to the section, a file keeps its place in the settings,
    /// with the digest of its content.</summary>
    public EvaluationSection Find(Section body, EvaluationSection evaluation, ISimulator? simulator)
    {
        if (evaluation.Settings.Reference is not { } text) return evaluation;
        if (_above.TryGetValue(text, out var other))
        {
            foreach (var error in Errors(evaluation, other)) body.Error("reference", $"reference '{text}' {error}");
            return evaluation with { Reference = text, Settings = evaluation.Settings with { Reference = null } };
        }

        if (text == TrueReference.Likelihood)
        {
            if (simulator is not null && TrueReference.Error(simulator) is { } unknown) body.Error("reference", unknown);
            return evaluation;
        }

        var path = Path.GetFullPath(text, folder);
        if (!File.Exists(path))
        {
            body.Error("reference",
                $"reference '{text}' is no evaluation above this one ({Section.Listed(_above.Keys)}), and there is no file '{path}'");
            return evaluation;
        }

        if (simulator is not null && ReferenceDraws.Error(path, evaluation.Settings, simulator) is { } unfit)
        {
            body.Error("reference", unfit);
            return evaluation;
        }

        return evaluation with { Settings = evaluation.Settings with { Reference = ReferenceDraws.Named(path) } };
    }

    private static IEnumerable<string> Errors(EvaluationSection evaluation, EvaluationSection other)
    {
        if (other.Settings.Draws == 0) yield return "keeps no draws: give it draws, as many as this evaluation";
        if (other.Data != evaluation.Data)
            yield return $"is of dataset '{other.Data}', and this evaluation of '{evaluation.Data}': compare draws of the same " +
                "observations";
        if (other.Settings.First > evaluation.Settings.First || other.Settings.Last < evaluation.Settings.Last)
            yield return $"has rows {other.Settings.First} to {other.Settings.Last - 1}: take indices among them";
        if (other.Models.Count > 1 && evaluation.Models.FirstOrDefault(model => !other.Models.Contains(model)) is { } lone)
            yield return $"has not model '{lone}': add it there, or leave one model there, whose draws are then the reference of all";
    }
}
