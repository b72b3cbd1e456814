using Amnre.Jobs.Views;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>The figures of an experiment, side by side.</summary>
/// <param name="Figures">Those to show.</param>
/// <param name="Runs">Trainings that figures show, by job.</param>
/// <param name="Type">The only type to show; null for all.</param>
/// <param name="Run">The only training of which to show figures; null for all.</param>
public sealed record FiguresModel(
    ExperimentSummary Experiment, IReadOnlyList<FigureFile> Figures, IReadOnlyList<(long Id, string Name)> Runs, string? Type, long? Run)
{
    public const int Max = 200, MaxRuns = 500;

    internal static readonly string[] Types = ["corner", "calibration", "consistency", "loss", "roc", "error"];

    public string Path => ExperimentAddress.Of(Experiment, "/figures");

    /// <summary>Address of the figures of a type, of the same training; null for all types.</summary>
    public string OfType(string? type)
    {
        string?[] choices = [type is null ? null : $"type={type}", Run is null ? null : $"run={Run}"];
        return $"{Path}?{string.Join('&', choices.OfType<string>())}".TrimEnd('?');
    }

    public string Empty => $"No {(Type is null ? "" : $"{Type} ")}figure {(Run is null ? "" : "of this training ")}is drawn yet. " +
        "They come last: when the evaluations that they show are done.";
}
