using Amnre.Engine;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Execution;

/// <summary>Estimates the time left from what this attempt has done since its first report, so that work resumed from a checkpoint does not
/// flatter it.</summary>
internal sealed class Pace(TimeProvider clock)
{
    private long _start;
    private double? _startDone;

    public ReportedProgress Report(RunProgress progress)
    {
        if (_startDone is null)
        {
            (_start, _startDone) = (clock.GetTimestamp(), progress.Done);
        }

        var done = progress.Done - _startDone.Value;
        var left = done > 0 && progress.Total > 0
            ? clock.GetElapsedTime(_start) * (Math.Max(progress.Total - progress.Done, 0) / done)
            : (TimeSpan?)null;
        return ReportedProgress.Of(progress, left);
    }
}
