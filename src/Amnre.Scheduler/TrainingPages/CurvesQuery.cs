namespace Amnre.Scheduler.TrainingPages;

/// <summary>What a reader wants to see of loss curves, as the page's address says it.</summary>
/// <param name="Jobs">Null for the first few, running ones before others.</param>
/// <param name="Log">Logarithmic losses.</param>
/// <param name="Smooth">Weight of the moving average, in [0, 1).</param>
/// <param name="Time">Against seconds of training instead of epochs.</param>
public sealed record CurvesQuery(IReadOnlyList<long>? Jobs, bool Log, double Smooth, bool Time);
