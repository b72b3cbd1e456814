using System.Text.Json;
using Amnre.Jobs.Attempts;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>What a simulated job does, as its settings say: <c>run 12.5</c> or <c>fail 3</c>, in seconds.</summary>
internal sealed record Work(TimeSpan Duration, bool Fails)
{
    /// <summary>Between two of which a run looks at its signals and can save its state.</summary>
    public const int Steps = 4;

    public static Work Of(JobTicket ticket)
    {
        using var settings = JsonDocument.Parse(ticket.Settings);
        var words = settings.RootElement.GetProperty("value").GetString()!.Split(' ');
        return new Work(TimeSpan.FromSeconds(double.Parse(words[1])), words[0] == "fail");
    }
}
