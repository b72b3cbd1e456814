using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Imports;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Makes a dataset of the copies of a user's files in the store.</summary>
internal sealed class ImportExecution : IJobExecution
{
    public JobKind Kind => JobKind.Import;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<ImportSettings>(ticket.Settings);
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        using var processes = simulator as IDisposable;
        return ArrayImport.Run(settings, simulator, file => ticket.UserFile(file.Sha256), ticket.OutputDirectory, context,
            ticket.FileOrNone("reference"));
    }
}
