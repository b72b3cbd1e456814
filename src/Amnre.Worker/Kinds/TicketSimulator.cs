using Amnre.Engine.Catalog;
using Amnre.Engine.Simulators;
using Amnre.Jobs.Attempts;

namespace Amnre.Worker.Kinds;

/// <summary>The simulator of a ticket.</summary>
internal static class TicketSimulator
{
    extension(JobTicket ticket)
    {
        /// <summary>The one called <paramref name="name"/>, with the reduced basis that the job was given, if any.</summary>
        public ISimulator Simulator(string name)
        {
            var simulator = SimulatorCatalog.Find(name);
            return ticket.FileOrNone("basis") is { } basis ? ((IReducedBasisSimulator)simulator).WithBasis(basis) : simulator;
        }
    }
}
