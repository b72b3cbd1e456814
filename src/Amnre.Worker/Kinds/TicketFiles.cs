using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;

namespace Amnre.Worker.Kinds;

/// <summary>The files of a ticket by the role they play.</summary>
internal static class TicketFiles
{
    extension(JobTicket ticket)
    {
        /// <summary>All files of <paramref name="role"/>, in the plan's order.</summary>
        public IReadOnlyList<string> Files(string role) =>
            [.. ticket.Inputs.Where(input => input.Role == role).Select(input => input.Path)];

        /// <summary>The models that are one posterior together: a single one, or the members of an ensemble.</summary>
        /// <param name="combine">How they are combined; null for a single one.</param>
        public IReadOnlyList<string> Models(Combination? combine) => combine is null ? [ticket.File("model")] : ticket.Files("member");

        public string? FileOrNone(string role) => ticket.Inputs.SingleOrDefault(input => input.Role == role)?.Path;

        /// <exception cref="InvalidOperationException">The plan gave the job no such input.</exception>
        public string File(string role) => ticket.FileOrNone(role)
            ?? throw new InvalidOperationException($"job {ticket.Name} was planned without an input of role '{role}'");
    }
}
