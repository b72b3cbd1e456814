using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Figures;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Draws a figure; series k of its legend comes from the inputs of role <c>series:k</c>.</summary>
internal sealed class PlotExecution : IJobExecution
{
    public JobKind Kind => JobKind.Plot;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<PlotSettings>(ticket.Settings);
        var series = settings.Legend.Select((_, k) => ticket.Files($"series:{k}")).ToList();
        return FigureRun.Run(
            settings, SimulatorCatalog.Find(settings.Simulator),
            new PlotInputs(series, ticket.FileOrNone("samples")) { Tables = ticket.Files("table") },
            ticket.OutputDirectory, context);
    }
}
