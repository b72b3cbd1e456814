using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Amnre.Cli.Terminal;

/// <summary>A screen that redraws in place: jobs by state, and a bar for each running job.</summary>
internal sealed class LiveView(LiveDisplayContext display, string title, TimeProvider clock) : IRunView
{
    private readonly long _started = clock.GetTimestamp();
    private readonly Dictionary<long, RateEstimate> _rates = [];
    private readonly List<string> _said = [];

    public void Say(string message) => _said.Add(message);

    public void Show(ExperimentSnapshot snapshot)
    {
        var rows = new List<IRenderable> { Header(snapshot.Experiment) };
        var running = snapshot.Jobs.Where(job => job.State == JobState.Running).ToList();
        if (running.Count > 0) rows.Add(Running(running));
        foreach (var job in snapshot.Jobs.Where(job => job.State == JobState.Failed))
            rows.Add(new Markup($"[red]failed[/] {Markup.Escape(job.Name)}: {Markup.Escape(job.Attempt?.Message ?? job.Reason ?? "")}"));
        foreach (var message in _said.TakeLast(3).Concat(snapshot.Warnings.Select(warning => warning.Message)))
            rows.Add(new Markup($"[yellow]{Markup.Escape(message)}[/]"));
        display.UpdateTarget(new Rows(rows));
    }

    private Markup Header(ExperimentSummary experiment)
    {
        var states = new (string Name, int Count, string Colour)[]
        {
            ("waiting", experiment.Waiting, "grey"),
            ("ready", experiment.Ready, "grey"),
            ("running", experiment.Running, "blue"),
            ("succeeded", experiment.Succeeded, "green"),
            ("reused", experiment.Reused, "green"),
            ("failed", experiment.Failed, "red"),
            ("skipped", experiment.Skipped, "red"),
            ("cancelled", experiment.Cancelled, "yellow"),
            ("pruned", experiment.Pruned, "grey"),
        };
        var counts = string.Join("  ",
            states.Where(state => state.Count > 0).Select(state => $"[{state.Colour}]{state.Count} {state.Name}[/]"));
        var bar = ProgressText.Bar(experiment.Total == 0 ? 0 : (double)experiment.Done / experiment.Total);
        return new Markup(
            $"[bold]{Markup.Escape(title)}[/]\n[green]{bar}[/] {experiment.Done}/{experiment.Total} jobs  " +
            $"{Durations.Text(clock.GetElapsedTime(_started))}  {counts}\n");
    }

    private Grid Running(IReadOnlyList<JobSnapshot> jobs)
    {
        // Fixed widths for name and bar: on a narrow terminal the figures at the end give way.
        var names = jobs.ToDictionary(job => job.Id, job => job.Attempt is { Number: > 1 } attempt
            ? $"{job.Name} (attempt {attempt.Number})" : job.Name);
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().Width(Math.Min(names.Values.Max(name => name.Length), 40)))
            .AddColumn(new GridColumn().NoWrap().Width(ProgressText.BarWidth))
            .AddColumn(new GridColumn().NoWrap());
        foreach (var job in jobs)
        {
            var progress = job.Attempt?.Progress;
            var name = new Text(names[job.Id]).Overflow(Overflow.Ellipsis);
            if (progress is null)
            {
                grid.AddRow(name, new Text(ProgressText.Bar(0)), new Text("starting"));
                continue;
            }

            var rate = Rate(job.Attempt!.Token, progress.Done);
            grid.AddRow(
                name,
                new Markup($"[blue]{ProgressText.Bar(progress.Fraction)}[/]"),
                new Text(ProgressText.Line(progress, rate)).Overflow(Overflow.Ellipsis));
        }

        return grid;
    }

    private double? Rate(long token, double done)
    {
        if (!_rates.TryGetValue(token, out var rate)) _rates[token] = rate = new RateEstimate();
        rate.See(done, clock.GetTimestamp(), clock);
        return rate.PerSecond;
    }
}
