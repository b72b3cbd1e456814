using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Amnre.Scheduler.Dashboard;

/// <summary>How often an address may present what is no token.</summary>
internal sealed class SignInLimit : IDisposable
{
    private const int PerMinute = 10;

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    public bool IsReached(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context, 0);
        return !lease.IsAcquired;
    }

    public void Failed(HttpContext context) => _limiter.AttemptAcquire(context).Dispose();

    public void Dispose() => _limiter.Dispose();
}
