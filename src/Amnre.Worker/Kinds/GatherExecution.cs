using Amnre.Engine;
using Amnre.Engine.Datasets;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Puts a dataset together from its shards.</summary>
internal sealed class GatherExecution : IJobExecution
{
    public JobKind Kind => JobKind.Gather;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<GatherSettings>(ticket.Settings);
        var simulator = ticket.Simulator(settings.Simulator);
        using var processes = simulator as IDisposable;
        return ShardGathering.Run(
            settings, simulator, ticket.Files("shard"), ticket.OutputDirectory, context, ticket.FileOrNone("reference"));
    }
}
